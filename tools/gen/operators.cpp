// Prints docs/operators.md: the operators that ONNX knows, how each is turned into a circuit, since which opsets, with what
// restrictions, and why the others are not; and the graph operators. Fails where a list here names what does not exist, or
// an operator is neither there nor explained.
#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "graph/frontend/converter.hpp"
#include "graph/frontend/function_bodies.hpp"
#include "graph/op_table.hpp"

namespace {

using Name = std::pair<std::string, std::string>;  // domain, operator

struct Version {
  const char *domain, *name, *opsets;
};

constexpr Version versions[] = {
#include "operator_versions.inc"
};

struct Remark {
  const char *names, *text;  // names separated by spaces, of domain ai.onnx or ai.onnx.ml
};

/// What an operator's inputs and attributes must be beyond ONNX's own rules.
constexpr Remark restrictions[] = {
    {"AffineGrid ConstantOfShape Expand Reshape Tile Col2Im CenterCropPad", "the shape is a constant"},
    {"Squeeze Unsqueeze ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd "
     "ReduceSum ReduceSumSquare",
     "the axes are constants"},
    {"Slice Split Pad Range Resize Upsample TopK Trilu OneHot",
     "what decides shapes or places (starts, sizes, pads, limits, scales, k, depth) is a constant"},
    {"BatchNormalization", "inference; its parameters are constants"},
    {"Dropout", "inference"},
    {"BitCast", "between integers: a float's bits do not exist at a scale"},
    {"BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor", "within decomp_base^decomp_legs"},
    {"Compress", "the condition is a constant: the shape depends on it"},
    {"NonZero MelWeightMatrix", "the inputs are constants"},
    {"DFT STFT HannWindow HammingWindow BlackmanWindow", "lengths and steps are constants"},
    {"Det", "up to 5 rows"},
    {"IsInf IsNaN", "false: numbers of a circuit are finite"},
    {"If", "a constant condition, or branches of one shape"},
    {"Loop", "a trip count and a condition that do not depend on data; up to 65,536 rounds"},
    {"Scan", "up to 65,536 rounds"},
    {"QLinearConv QLinearMatMul QuantizeLinear DequantizeLinear", "scales and zero points are constants"},
    {"ConvInteger MatMulInteger", "zero points are constants, or one computed number"},
    {"MaxUnpool", "no two indices alike"},
    {"ScatterElements ScatterND TensorScatter", "computed indices without a reduction differ"},
    {"RoiAlign", "sampling_ratio of 1 or more"},
    {"ReverseSequence", "the lengths are constants"},
    {"SVMClassifier", "no probabilities of more than two classes"},
    {"LabelEncoder OneHotEncoder", "numbers, no text"},
};

/// Why an operator is not there.
constexpr Remark absences[] = {
    {"Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike",
     "random: nobody could tell which numbers were drawn; make them an input"},
    {"NonMaxSuppression Unique", "its output's size depends on the data; leave it to whoever reads the outputs"},
    {"ConcatFromSequence SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap "
     "SplitToSequence",
     "sequences of tensors; export with tensors (Split, Concat, Gather)"},
    {"Optional OptionalGetElement OptionalHasElement", "optional values; export without"},
    {"RegexFullMatch StringConcat StringNormalizer StringSplit TfIdfVectorizer CategoryMapper", "text"},
    {"CastMap DictVectorizer", "maps; give tensors"},
    {"ImageDecoder", "reads image files; give pixels"},
    {"MaxRoiPool", "regions of a size that depends on the data; use RoiAlign"},
    {"Adagrad Adam Gradient Momentum", "training"},
};

std::map<std::string, std::string> by_name(const Remark* begin, const Remark* end) {
  std::map<std::string, std::string> out;
  for (const Remark* r = begin; r != end; ++r) {
    std::string rest = std::string(r->names) + " ";
    for (std::size_t at; (at = rest.find(' ')) != std::string::npos; rest.erase(0, at + 1)) {
      if (at > 0) out[rest.substr(0, at)] = r->text;
    }
  }
  return out;
}

std::map<Name, std::string> operators() {
  std::map<Name, std::string> rows;
  for (const ezkl::FunctionDef& body : ezkl::onnx_function_bodies()) rows[{"ai.onnx", body.name}] = "body";
  for (const ezkl::ConverterEntry* entry : ezkl::all_converters()) {
    const std::string domain = entry->domain.empty() ? "ai.onnx" : std::string(entry->domain);
    rows[{domain, std::string(entry->op_type)}] = "converter";
  }
  return rows;
}

/// What onnxruntime writes into models that it optimizes or quantizes.
void print_runtime_operators() {
  std::puts("## Operators of onnxruntime\n");
  std::puts(
      "What its quantizers and optimizers write (domain com.microsoft; SimplifiedLayerNormalization under ONNX's own "
      "name).\n"
      "Integers that follow from integers are onnxruntime's, ties of rounding included. Others of that domain are "
      "refused by\ntheir name. DynamicQuantizeMatMul and DynamicQuantizeLinear find their scale in the circuit.\n");
  std::string line;
  for (const ezkl::ConverterEntry* entry : ezkl::all_converters()) {
    if (entry->domain != "com.microsoft") continue;
    line += (line.empty() ? "" : ", ") + std::string(entry->op_type);
  }
  std::printf("%s.\n\n", line.c_str());
}

void print_operators() {
  const std::map<Name, std::string> have = operators();
  std::map<std::string, std::string> limits = by_name(std::begin(restrictions), std::end(restrictions));
  std::map<std::string, std::string> reasons = by_name(std::begin(absences), std::end(absences));
  std::string present, absent;
  for (const Version& v : versions) {
    const auto found = have.find({v.domain, v.name});
    const std::string start = std::string("| ") + v.domain + " | " + v.name + " | " + v.opsets + " | ";
    if (found != have.end()) {
      present += start + found->second + " | " + limits[v.name] + " |\n";
      limits.erase(v.name);
    } else {
      if (reasons.count(v.name) == 0) throw std::runtime_error(std::string(v.name) + " is neither there nor explained");
      absent += start + reasons[v.name] + " |\n";
      reasons.erase(v.name);
    }
  }
  if (!limits.empty()) throw std::runtime_error("no operator " + limits.begin()->first);
  if (!reasons.empty()) throw std::runtime_error("there is an operator " + reasons.begin()->first);
  std::puts("| domain | operator | opsets that changed it | how | restriction |\n|---|---|---|---|---|");
  std::fputs(present.c_str(), stdout);
  std::printf("\n%td operators.\n\n", std::count(present.begin(), present.end(), '\n'));
  print_runtime_operators();
  std::puts("## Not there\n");
  std::puts("| domain | operator | opsets that changed it | why |\n|---|---|---|---|");
  std::fputs(absent.c_str(), stdout);
}

void print_graph_operators() {
  std::puts("\n## Graph operators\n");
  std::puts("What the quantized graph is made of; `ezkl table` shows a model in these words. Each states claims about integer tensors\n"
            "(`src/graph/ops`), which bind its outputs to its inputs.\n");
  std::vector<std::string> kinds;
  for (const ezkl::OpEntry* op : ezkl::all_ops()) kinds.emplace_back(op->kind);
  std::sort(kinds.begin(), kinds.end());
  for (std::size_t i = 0; i < kinds.size(); ++i) std::printf("%s%s", kinds[i].c_str(), i + 1 < kinds.size() ? ", " : ".\n");
}

}  // namespace

int main() try {
  std::puts("# Operators\n");
  std::puts("This page is printed by `tools/gen/operators.cpp` (target `ezkl_gen_operators`), so it lists what the program has.\n");
  std::puts("## ONNX operators\n");
  std::puts("Opsets 7 to 23 are read, later ones with a warning; an operator takes the meaning of the model's opset. \"Converter\": turned\n"
            "into graph operators by rules of its own. \"Body\": ONNX defines it by simpler operators, and that definition is expanded. A\n"
            "restriction counts for values that are computed from the model's inputs; what follows from constants is a constant.\n");
  print_operators();
  print_graph_operators();
  std::puts("\n## Restrictions of all\n");
  std::puts("* Shapes are fixed when the circuit is made: dimensions get sizes by `--variables` (a leading one named after a batch\n"
            "  that of `batch_size`), sequence lengths and trip counts must follow from constants. An operator whose output shape depends on\n"
            "  values has no circuit.\n"
            "* Values are fixed-point numbers: infinities and NaN are refused where they\n"
            "  are more than a mask before softmax or an extreme (which is a selection), a bound that bounds nothing, or one\n"
            "  side of a comparison; FLT_MAX and all of 1e30 and more count as infinite. Element types\n"
            "  without a number (string, complex, sequence, optional) too.\n"
            "* Integers of 8 and 16 bits wrap; wider ones hold any value within decomp_base^decomp_legs, and beyond it evaluation says so.\n"
            "* Tree ensembles and the factors of preprocessing steps are part of the circuit and so known to whoever makes the key, whatever\n"
            "  `--param-visibility` says. A tree's threshold is rounded as its input is: an input within one unit of the scale of a threshold may\n"
            "  take either branch of the float model.\n"
            "* Field elements (hashes that the model computes with, inputs given as such) take Add, Sub, Neg, Mul, Pow with a whole exponent, MatMul,\n"
            "  Gemm, Einsum, Conv, ReduceSum, ReduceProd, CumSum, Equal, Where, Not of a comparison, and all that moves elements to places that are\n"
            "  constants, with whole numbers beside them; everything else is refused by its name ([visibility.md](visibility.md)).\n"
            "* Text labels of classifiers become the positions of the classes.\n");
  std::puts("## ONNX's own node tests\n"
            "\n"
            "Of the 1,413 node tests of the PyPI package onnx 1.23 whose numbers a fixed-point circuit can hold, 1,352 give ONNX's outputs\n"
            "within 2 % at scale 10 (the published package: 732), from model to witness. The others:\n"
            "\n"
            "| tests | why |\n"
            "|---|---|\n"
            "| 39 | a shape is a value of the input: Col2Im, Compress, MaxUnpool, NonMaxSuppression, NonZero, STFT, Unique; AffineGrid and CenterCropPad written out |\n"
            "| 9 | scales and zero points of integer products (QLinearMatMul, MatMulInteger) are inputs |\n"
            "| 7 | BitCast from or to floats, or of integers beyond the decomposition |\n"
            "| 4 | numbers of 10^180 and more |\n"
            "| 2 | powers: x^y of a base far above the table (Pow), and of small numbers in a window (LpPool) |");
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "operators: %s\n", e.what());
  return 1;
}
