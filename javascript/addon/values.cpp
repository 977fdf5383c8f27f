#include "values.hpp"

#include <cstring>

namespace ezkl_node {

std::string text(napi_env env, napi_value value) {
  std::size_t size = 0;
  check(napi_get_value_string_utf8(env, value, nullptr, 0, &size), "a string is needed");
  std::string out(size + 1, '\0');  // with the 0 that is written behind it
  check(napi_get_value_string_utf8(env, value, out.data(), out.size(), &size), "a string is needed");
  out.resize(size);
  return out;
}

std::uint32_t number(napi_env env, napi_value value) {
  std::uint32_t out = 0;
  check(napi_get_value_uint32(env, value, &out), "a number is needed");
  return out;
}

std::vector<napi_value> items(napi_env env, napi_value array) {
  std::uint32_t size = 0;
  check(napi_get_array_length(env, array, &size), "an array is needed");
  std::vector<napi_value> out(size);
  for (std::uint32_t i = 0; i < size; ++i) check(napi_get_element(env, array, i, &out[i]), "an array is needed");
  return out;
}

Bytes bytes(napi_env env, napi_value value) {
  bool is_typed = false;
  check(napi_is_typedarray(env, value, &is_typed), "a Uint8Array is needed");
  if (!is_typed) throw NodeError("a Uint8Array is needed");
  napi_typedarray_type type{};
  std::size_t size = 0;
  void* data = nullptr;
  check(napi_get_typedarray_info(env, value, &type, &size, &data, nullptr, nullptr), "a Uint8Array is needed");
  if (type != napi_uint8_array && type != napi_uint8_clamped_array) throw NodeError("a Uint8Array is needed");
  const auto* const first = static_cast<const std::uint8_t*>(data);
  return size == 0 ? Bytes() : Bytes(first, first + size);
}

std::vector<Bytes> list_of_bytes(napi_env env, napi_value array) {
  std::vector<Bytes> out;
  for (const napi_value item : items(env, array)) out.push_back(bytes(env, item));
  return out;
}

Options options(napi_env env, napi_value array) {
  Options out;
  for (const napi_value item : items(env, array)) {
    const std::vector<napi_value> pair = items(env, item);
    if (pair.size() != 2) throw NodeError("an option is a pair");
    out.emplace_back(text(env, pair[0]), text(env, pair[1]));
  }
  return out;
}

bool is_function(napi_env env, napi_value value) {
  napi_valuetype type{};
  return napi_typeof(env, value, &type) == napi_ok && type == napi_function;
}

napi_value of(napi_env env, std::string_view text) {
  napi_value out = nullptr;
  check(napi_create_string_utf8(env, text.data(), text.size(), &out), "a text is longer than JavaScript has strings");
  return out;
}

napi_value of(napi_env env, double value) {
  napi_value out = nullptr;
  check(napi_create_double(env, value, &out), "no number can be made");
  return out;
}

napi_value null(napi_env env) {
  napi_value out = nullptr;
  check(napi_get_null(env, &out), "there is no null");
  return out;
}

napi_value of(napi_env env, std::span<const std::uint8_t> bytes) {
  void* data = nullptr;
  napi_value buffer = nullptr, out = nullptr;
  check(napi_create_arraybuffer(env, bytes.size(), &data, &buffer), "no memory for bytes");
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  check(napi_create_typedarray(env, napi_uint8_array, bytes.size(), buffer, 0, &out), "no memory for bytes");
  return out;
}

napi_value list(napi_env env, std::span<const napi_value> values) {
  napi_value out = nullptr;
  check(napi_create_array_with_length(env, values.size(), &out), "no memory for an array");
  for (std::uint32_t i = 0; i < values.size(); ++i) check(napi_set_element(env, out, i, values[i]), "no array");
  return out;
}

}  // namespace ezkl_node
