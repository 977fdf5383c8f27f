#include "tensor/shape.hpp"
