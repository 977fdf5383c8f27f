#include "case_file.hpp"

#include <onnx/onnx_pb.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "onnx/import.hpp"
#include "onnx/import_tensor.hpp"

namespace ezkl::testing {
namespace {

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

FloatTensor parse_tensor(const std::string& bytes) {
  onnx::TensorProto proto;
  if (!proto.ParseFromString(bytes)) throw std::runtime_error("this is no tensor");
  TensorSource source;
  return import_tensor(proto, source);
}

FloatTensor read_tensor(const std::filesystem::path& path) { return parse_tensor(read_bytes(path)); }

floatrun::TensorPtr shared(const FloatTensor& tensor) {
  return std::make_shared<const floatrun::Tensor>(floatrun::from_stored(tensor));
}

/// Reads numbers of 32 bits and runs of bytes that they announce.
class Pieces {
 public:
  explicit Pieces(std::string bytes) : bytes_(std::move(bytes)) {}
  bool done() const { return at_ == bytes_.size(); }
  std::size_t number() {
    std::size_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= std::size_t(std::uint8_t(bytes_.at(at_ + i))) << (8 * i);
    at_ += 4;
    return value;
  }
  std::string piece() {
    const std::size_t length = number();
    at_ += length;
    return bytes_.substr(at_ - length, length);
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

FloatCase read_case_folder(const std::filesystem::path& folder) {
  FloatCase out;
  out.name = folder.filename().string();
  out.model = read_onnx(folder / "model.onnx");
  const auto data = folder / "test_data_set_0";
  std::vector<std::string> names;
  for (const ValueDef& input : out.model.graph.inputs) names.push_back(input.name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto path = data / ("input_" + std::to_string(i) + ".pb");
    if (!std::filesystem::exists(path)) continue;
    out.inputs[names[i]] = shared(read_tensor(path));
  }
  for (std::size_t i = 0; std::filesystem::exists(data / ("output_" + std::to_string(i) + ".pb")); ++i) {
    out.expected.push_back(read_tensor(data / ("output_" + std::to_string(i) + ".pb")));
  }
  return out;
}

std::vector<FloatCase> read_case_file(const std::filesystem::path& path) {
  Pieces pieces(read_bytes(path));
  const auto model_path =
      std::filesystem::temp_directory_path() / ("float_case_" + std::to_string(::getpid()) + ".onnx");
  std::vector<FloatCase> out;
  while (!pieces.done()) {
    FloatCase& test = out.emplace_back();
    test.name = pieces.piece();
    std::ofstream(model_path, std::ios::binary) << pieces.piece();
    test.model = read_onnx(model_path);
    for (std::size_t i = 0, count = pieces.number(); i < count; ++i) {
      const std::string bytes = pieces.piece();
      if (!bytes.empty()) test.inputs[test.model.graph.inputs[i].name] = shared(parse_tensor(bytes));
    }
    for (std::size_t i = 0, count = pieces.number(); i < count; ++i) {
      test.expected.push_back(parse_tensor(pieces.piece()));
    }
  }
  std::filesystem::remove(model_path);
  return out;
}

std::string difference(const floatrun::Tensor& got, const FloatTensor& expected, double tolerance) {
  std::ostringstream out;
  if (got.shape != expected.shape) {
    out << "shape " << to_string(got.shape) << " for " << to_string(expected.shape);
    return out.str();
  }
  if (got.type != expected.type) {
    out << "type " << name(got.type) << " for " << name(expected.type);
    return out.str();
  }
  for (std::size_t i = 0; i < expected.data.size(); ++i) {
    const double want = expected.data[i], have = got.number(i);
    const bool same = want == have || (std::isnan(want) && std::isnan(have)) ||
                      (got.real() && std::fabs(want - have) <= tolerance * (1 + std::fabs(want)));
    if (same) continue;
    out.precision(9);
    out << "element " << i << " is " << have << ", should be " << want;
    return out.str();
  }
  return "";
}

}  // namespace ezkl::testing
