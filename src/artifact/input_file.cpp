#include "artifact/input_file.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "artifact/felt_text.hpp"
#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/npy_file.hpp"
#include "artifact/number_text.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "ezkl/error.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

InputValue read_value(const Json& json) {
  InputValue out;
  switch (json.kind()) {
    case Json::Kind::boolean:
      out.kind = InputValue::Kind::boolean;
      out.number = json.boolean() ? 1 : 0;
      return out;
    case Json::Kind::number:
      out.number = json.real();
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
  if (out.size() > specs.size()) {
    log_warn(data.source + ": input_data holds " + std::to_string(out.size()) + " lists, the model has " +
             std::to_string(specs.size()) + (specs.size() == 1 ? " input" : " inputs") + "; the rest is ignored");
    out.resize(specs.size());
  }
  return out;
}

Int128 quantize_value(const InputValue& value, const InputSpec& spec) {
  if (value.kind == InputValue::Kind::boolean && spec.type != DType::boolean) {
    throw Error(Fault::format, "a boolean for an input of type " + std::string(name(spec.type)) + ": write a number");
  }
  return quantize_input(value.number, spec.type, spec.scale);
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

std::vector<const std::vector<InputValue>*> lists_of(const InputData& data, std::span<const std::string> names) {
  std::vector<const std::vector<InputValue>*> named, as_they_stand;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < data.names.size(); ++i) places.emplace(data.names[i], i);
  for (const std::string& name : names) {
    const auto found = places.find(name);
    if (found != places.end()) named.push_back(&data.inputs[found->second]);
  }
  if (named.size() == names.size()) return named;
  for (const auto& list : data.inputs) as_they_stand.push_back(&list);
  return as_they_stand;
}

InputData parse_input_json(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what);
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
  const Json json = Json::parse(text, what);
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
                                     std::to_string(lists[i]->size()));
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
