#pragma once

#define EZKL_API __attribute__((visibility("default")))
