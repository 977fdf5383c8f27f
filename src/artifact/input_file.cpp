#include "artifact/input_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include "artifact/felt_text.hpp"
#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/npy_file.hpp"
#include "artifact/number_text.hpp"
#include "base/files.hpp"
#include "base/int128.hpp"
#include "base/log.hpp"
#include "ezkl/error.hpp"
#include "tensor/onnx_type.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

/// What a JSON file of input data may hold: 0.7 GB while it is read, as much again as values.
constexpr std::size_t most_values = std::size_t{1} << 23;
constexpr std::string_view beyond_most_values = "; larger data are read from .npy and .npz files";

/// The number that a JSON number stands for, where it has no fraction ("3", "3.0", "1e18") and less than 128 bits: from
/// its digits, as a double has but 53 bits.
std::optional<Int128> whole_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t exponent = 0;
  if (const std::size_t at = text.find_first_of("eE"); at != std::string_view::npos) {
    std::string_view power = text.substr(at + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    // one beyond 64 bits is of a zero: of others the number does not fit a double
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    text = text.substr(0, at);
  }
  std::string digits(text);
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  digits.erase(0, digits.find_first_not_of('0'));  // all of them for a zero
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty()) return 0;
  constexpr std::size_t most_digits = 39;
  if (exponent < 0 || exponent > std::int64_t{most_digits} || digits.size() + std::size_t(exponent) > most_digits) {
    return std::nullopt;
  }
  digits.append(std::size_t(exponent), '0');
  try {
    return parse_int128((negative ? "-" : "") + digits);
  } catch (const Error&) {  // of 39 digits, and beyond
    return std::nullopt;
  }
}

InputValue read_value(const Json& json) {
  InputValue out;
  switch (json.kind()) {
    case Json::Kind::boolean:
      out.kind = InputValue::Kind::boolean;
      out.number = json.boolean() ? 1 : 0;
      return out;
    case Json::Kind::number:
      out.number = json.real();
      if (const auto whole = whole_number(json.number_text())) {
        out.kind = InputValue::Kind::whole;
        out.felt = Fr::from_i128(*whole);
      }
      return out;
    case Json::Kind::text:
      out.kind = InputValue::Kind::felt;
      out.felt = parse_felt(json.text());
      return out;
    case Json::Kind::list:
      throw Error(Fault::format, "a list beside numbers: the lists inside a list all have one shape");
    default:
      throw Error(Fault::format, "expected a number, a boolean or a field element in hexadecimal text");
  }
}

/// The numbers of nested lists in row-major order; `shape` gets what all lists of a level have as their length.
void read_nested(const Json& json, std::size_t depth, Shape& shape, std::vector<InputValue>& out) {
  constexpr std::size_t deepest = 16;
  const std::vector<Json>& items = json.items();
  if (depth == deepest) throw Error(Fault::format, "lists are nested more than 16 deep");
  const bool first = out.empty() && depth == shape.size();  // the first list of its level
  if (first) shape.push_back(items.size());
  if (depth >= shape.size() || shape[depth] != items.size()) {
    throw Error(Fault::format, "the lists inside a list have different shapes");
  }
  const bool lists = !items.empty() && items.front().kind() == Json::Kind::list;
  if (!lists && depth + 1 < shape.size()) throw Error(Fault::format, "the lists inside a list have different shapes");
  json.visit([&](const Json& item) {
    if (!lists) {
      out.push_back(read_value(item));
    } else if (item.kind() == Json::Kind::list) {
      read_nested(item, depth + 1, shape, out);
    } else {
      throw Error(Fault::format, "numbers and lists stand side by side");
    }
  });
}

std::string input_name(std::size_t i, const InputSpec& spec) {
  return "input " + std::to_string(i) + (spec.name.empty() ? "" : " '" + spec.name + "'");
}

/// The lists in the model's order: by name when every input's name is among the arrays' names, else as they stand.
std::vector<const std::vector<InputValue>*> in_order(const InputData& data, std::span<const InputSpec> specs) {
  std::vector<std::string> names;
  for (const InputSpec& spec : specs) names.push_back(spec.name);
  std::vector<const std::vector<InputValue>*> out = lists_of(data, names);
  if (out.size() < specs.size()) {
    throw Error(Fault::format, data.source + ": the model has " + std::to_string(specs.size()) +
                                   (specs.size() == 1 ? " input" : " inputs") + ", input_data holds " +
                                   std::to_string(out.size()) + (out.size() == 1 ? " list" : " lists"));
  }
  // one name that fits is all of them, or lists_of refuses
  const bool by_name = !names.empty() && std::find(data.names.begin(), data.names.end(), names[0]) != data.names.end();
  if (!by_name && !named_by_place(data) && specs.size() > 1) {
    log_warn(data.source + ": none of its arrays has the name of an input; they are taken in their order");
  }
  if (data.inputs.size() > specs.size()) {
    // rows of samples, as other programs take them
    const bool rows = data.names.empty() && !specs.empty() && data.inputs.size() % specs.size() == 0 &&
                      std::all_of(data.inputs.begin(), data.inputs.end(),
                                  [&](const auto& list) { return list.size() == data.inputs[0].size(); });
    log_warn(
        data.source + ": " + (data.names.empty() ? "input_data holds " : "the archive holds ") +
        std::to_string(data.inputs.size()) + (data.names.empty() ? " list" : " array") +
        (data.inputs.size() == 1 ? "" : "s") + ", the model has " + std::to_string(specs.size()) +
        (specs.size() == 1 ? " input" : " inputs") + "; the rest is ignored" +
        (rows ? "; samples are given one after the other in the one list of an input, as lists inside it, or as .npy"
              : ""));
    out.resize(specs.size());
  }
  return out;
}

std::string place_of(DType type) { return "an input of type " + std::string(name(type)); }

Int128 quantize_value(const InputValue& value, const InputSpec& spec) {
  check_kind(value, spec.type, place_of(spec.type));
  if (is_float(spec.type)) return quantize_input(value.number, spec.type, spec.scale);
  const auto [lowest, highest] = integer_limits(spec.type);
  if (const Int128 whole = *value.whole(); whole < lowest || whole > highest) {
    if (spec.type == DType::boolean) {
      throw Error(Fault::format, "a boolean input is " + to_string(whole) + "; it must be true, false, 0 or 1");
    }
    throw Error(Fault::range, place_of(spec.type) + " is " + to_string(whole) + ", outside [" + to_string(lowest) +
                                  ", " + to_string(highest) + "]");
  }
  return whole_at_scale(value, spec.scale);
}

std::string samples_in(std::size_t elements, std::size_t wanted) {
  if (wanted == 0 || elements < 2 * wanted || elements % wanted != 0) return {};
  return ": these are " + std::to_string(elements / wanted) + " samples, a witness is about one";
}

/// A list of numbers, or lists of lists of one shape, which `shape` gets.
std::vector<InputValue> read_list(const Json& list, Shape& shape) {
  if (list.kind() != Json::Kind::list) throw Error(Fault::format, "expected a list: one list per tensor");
  std::vector<InputValue> values;
  read_nested(list, 0, shape, values);
  return values;
}

std::vector<InputValue> read_flat(const Json& list) {
  if (list.kind() != Json::Kind::list) throw Error(Fault::format, "expected a list: one flat list per tensor");
  return list.each(read_value);
}

/// Arrays of numpy, or JSON that `parse` knows.
InputData load(const std::string& data, const std::string& what,
               InputData (*parse)(std::string_view text, const std::string& what)) {
  if (looks_like_json(data)) return parse(data, what);
  const std::vector<std::uint8_t> bytes = read_file(data);
  InputData out;
  out.source = data;
  if (is_npy(bytes)) {
    out.inputs.push_back(parse_npy(bytes, data));
    out.shapes.push_back(npy_shape(bytes, data));
    return out;
  }
  if (is_npz(bytes)) {
    for (auto& [array, values] : parse_npz(bytes, data)) {
      out.names.push_back(array);
      out.inputs.push_back(std::move(values));
    }
    return out;
  }
  return parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, data);
}

}  // namespace

std::optional<Int128> InputValue::whole() const {
  if (kind == Kind::whole) return felt.to_int128_lossy();
  if (kind == Kind::boolean) return Int128{number != 0 ? 1 : 0};
  return std::nullopt;
}

std::string InputValue::text() const {
  if (kind == Kind::felt) return "field element " + big_felt_text(felt);
  if (kind == Kind::boolean) return number != 0 ? "true" : "false";
  const auto exact = whole();
  return exact ? to_string(*exact) : plain_number(number);
}

bool named_by_place(const InputData& data) {
  for (std::size_t i = 0; i < data.names.size(); ++i) {
    if (data.names[i] != "arr_" + std::to_string(i)) return false;
  }
  return true;
}

void check_kind(const InputValue& value, DType type, const std::string& place) {
  if (value.kind == InputValue::Kind::boolean && type != DType::boolean) {
    throw Error(Fault::format, "a boolean for " + place + ": write a number");
  }
  if (value.kind != InputValue::Kind::number || is_float(type)) return;
  if (!std::isfinite(value.number)) throw Error(Fault::format, plain_number(value.number) + " for " + place);
  const std::string here = " for " + place;
  if (std::fabs(value.number) >= 0x1p126) throw Error(Fault::range, value.text() + here + ", which is no such number");
  // its double may be whole: 1 for 0.99999999999999999
  const bool cut = value.number == std::trunc(value.number);
  throw Error(Fault::format, (cut ? "a number that is not quite " : "") + value.text() + here + ", which takes " +
                                 (type == DType::boolean ? "true, false, 0 or 1" : "whole numbers"));
}

Int128 whole_at_scale(const InputValue& value, int scale) {
  const std::optional<Int128> whole = value.whole();
  if (!whole) throw Error(Fault::format, value.text() + " is no whole number");
  if (scale == 0 || *whole == 0) return *whole;
  constexpr int bits = 127;
  if (scale <= -bits) return 0;
  if (scale < 0) return divide_half_away(*whole, Int128{1} << -scale);
  const Int128 most = scale >= bits ? 0 : std::numeric_limits<Int128>::max() >> scale;
  if (*whole > most || *whole < -most) {
    throw Error(Fault::range, to_string(*whole) + " does not fit 128 bits at scale " + std::to_string(scale) +
                                  "; choose smaller scales");
  }
  return *whole * (Int128{1} << scale);
}

std::vector<const std::vector<InputValue>*> lists_of(const InputData& data, std::span<const std::string> names) {
  std::vector<const std::vector<InputValue>*> named, as_they_stand;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < data.names.size(); ++i) places.emplace(data.names[i], i);
  for (const std::string& name : names) {
    const auto found = places.find(name);
    if (found != places.end()) named.push_back(&data.inputs[found->second]);
  }
  if (named.size() == names.size()) return named;
  if (!named.empty()) {
    const auto absent = std::find_if(names.begin(), names.end(), [&](const auto& n) { return !places.contains(n); });
    throw Error(Fault::format, data.source + ": has no array '" + *absent +
                                   "'; arrays are taken by the names of all tensors, or by none in their order");
  }
  for (const auto& list : data.inputs) as_they_stand.push_back(&list);
  return as_they_stand;
}

InputData parse_input_json(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, most_values, beyond_most_values);
  return in_context(what, [&] {
    if (json.kind() != Json::Kind::object) {
      throw Error(Fault::format,
                  "expected an object {\"input_data\": [[...], ...]} with one flat list per model input");
    }
    InputData out;
    out.source = what;
    out.inputs = json.member("input_data", [&out](const Json& lists) {
      if (lists.kind() == Json::Kind::object) {
        throw Error(Fault::format, "on-chain and database sources are not read: give one flat list per model input");
      }
      return lists.each([&out](const Json& list) {
        Shape shape;
        std::vector<InputValue> values = read_list(list, shape);
        out.shapes.push_back(shape.size() > 1 ? shape : Shape());
        return values;
      });
    });
    return out;
  });
}

InputData parse_output_json(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, most_values, beyond_most_values);
  return in_context(what, [&] {
    InputData out;
    out.source = what;
    const auto read = [](const Json& lists) {
      const auto& items = lists.items();
      if (items.empty() || items.front().kind() == Json::Kind::list) return lists.each(read_flat);
      return std::vector<std::vector<InputValue>>{read_flat(lists)};
    };
    out.inputs = json.kind() == Json::Kind::object ? json.member("output_data", read) : read(json);
    return out;
  });
}

InputData load_input(const std::string& data) { return load(data, "input data", parse_input_json); }

InputData load_output(const std::string& data) { return load(data, "output data", parse_output_json); }

claims::Inputs quantize_inputs(const InputData& data, std::span<const InputSpec> specs) {
  const auto lists = in_order(data, specs);
  claims::Inputs out;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::string where = data.source + ": " + input_name(i, specs[i]);
    const std::size_t wanted = volume(specs[i].shape);
    if (lists[i]->size() != wanted) {
      throw Error(Fault::format, where + " has shape " + to_string(specs[i].shape) + " and takes " +
                                     std::to_string(wanted) + " elements, the list holds " +
                                     std::to_string(lists[i]->size()) + samples_in(lists[i]->size(), wanted));
    }
    const std::vector<InputValue>& list = *lists[i];
    const auto quantized = [&](std::size_t j) {
      try {
        return quantize_value(list[j], specs[i]);
      } catch (const Error& e) {
        throw e.within("element " + std::to_string(j)).within(where);
      }
    };
    const auto is_felt = [](const InputValue& value) { return value.kind == InputValue::Kind::felt; };
    if (std::none_of(list.begin(), list.end(), is_felt)) {
      claims::Values integers;
      integers.reserve(wanted);
      for (std::size_t j = 0; j < wanted; ++j) integers.push_back(quantized(j));
      out.add(std::move(integers));
      continue;
    }
    claims::Felts felts;
    felts.reserve(wanted);
    for (std::size_t j = 0; j < wanted; ++j) {
      felts.push_back(is_felt(list[j]) ? list[j].felt : Fr::from_i128(quantized(j)));
    }
    out.add(std::move(felts));
  }
  return out;
}

std::vector<InputData> split_samples(const InputData& data, std::span<const InputSpec> specs) {
  const auto lists = in_order(data, specs);
  std::vector<InputData> out;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::size_t size = std::max<std::size_t>(volume(specs[i].shape), 1);
    const std::size_t samples = lists[i]->size() / size;
    if (samples == 0 || lists[i]->size() % size != 0) {
      throw Error(Fault::format, data.source + ": " + input_name(i, specs[i]) + " holds " +
                                     std::to_string(lists[i]->size()) + " elements, not a multiple of the " +
                                     std::to_string(size) + " of shape " + to_string(specs[i].shape));
    }
    if (i == 0) out.resize(samples);
    if (out.size() != samples) {
      throw Error(Fault::format, data.source + ": " + input_name(i, specs[i]) + " holds " + std::to_string(samples) +
                                     " samples, input 0 holds " + std::to_string(out.size()));
    }
    for (std::size_t s = 0; s < samples; ++s) {
      const auto begin = lists[i]->begin() + std::ptrdiff_t(s * size);
      out[s].inputs.emplace_back(begin, begin + std::ptrdiff_t(size));
      out[s].source = data.source + ": sample " + std::to_string(s);
    }
  }
  return out;
}

std::string input_text(const std::vector<std::vector<InputValue>>& inputs) {
  JsonWriter json;
  json.open_object();
  json.key("input_data");
  json.list(inputs, [&](const auto& list) {
    json.list(list, [&](const InputValue& v) {
      switch (v.kind) {
        case InputValue::Kind::boolean:
          json.boolean(v.number != 0);
          break;
        case InputValue::Kind::number:
          json.raw(json_number(v.number));
          break;
        case InputValue::Kind::whole:
          json.raw(std::fabs(v.number) < 0x1p53 ? json_number(v.number) : v.text());
          break;
        case InputValue::Kind::felt:
          json.text(felt_text(v.felt));
          break;
      }
    });
  });
  json.key("output_data");
  json.null();
  json.close_object();
  return json.take();
}

}  // namespace ezkl
