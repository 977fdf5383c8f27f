#include "plonk/column.hpp"
