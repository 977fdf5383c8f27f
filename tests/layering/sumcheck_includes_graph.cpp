#include "graph/claims/claims.hpp"
