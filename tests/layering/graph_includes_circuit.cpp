#include "circuit/settings.hpp"
