// Matrix products: MatMul, Gemm, Einsum.
#include <algorithm>
#include <cctype>
#include <map>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

std::vector<Value> convert_matmul(Converter& c, const OnnxNode& n) { return {c.matmul(n.input(0), n.input(1))}; }

std::vector<Value> convert_gemm(Converter& c, const OnnxNode& n) {
  const Value a = n.input(0);
  const Value b = n.input(1);
  if (c.rank(a) != 2 || c.rank(b) != 2) n.fail(Fault::format, "A and B must be matrices");
  const bool transpose_a = n.integer("transA", 0) != 0;
  const bool transpose_b = n.integer("transB", 0) != 0;
  const std::string equation = std::string(transpose_a ? "km" : "mk") + "," + (transpose_b ? "nk" : "kn") + "->mn";
  Value product = c.einsum(equation, {a, b});
  const double alpha = n.real("alpha", 1);
  const double beta = n.real("beta", 1);
  if (alpha != 1) product = c.mul(product, alpha);
  const auto bias = n.optional_input(2);
  if (!bias || beta == 0) return {product};
  return {c.add(product, beta == 1 ? *bias : c.mul(*bias, beta))};
}

/// Letters of one operand, with "..." replaced by fresh letters aligned on the right.
class EinsumTerm {
 public:
  EinsumTerm(const OnnxNode& n, std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    const std::size_t dots = text.find("...");
    has_dots_ = dots != std::string::npos;
    before_ = text.substr(0, dots);
    after_ = has_dots_ ? text.substr(dots + 3) : "";
    for (const char letter : before_ + after_) {
      if (std::isalpha(static_cast<unsigned char>(letter)) == 0) n.fail(Fault::format, "the equation has a bad letter");
    }
  }

  bool has_dots() const { return has_dots_; }
  std::size_t letters() const { return before_.size() + after_.size(); }
  std::string expand(const std::string& batch) const { return before_ + batch + after_; }
  const std::string& before() const { return before_; }
  const std::string& after() const { return after_; }

 private:
  bool has_dots_ = false;
  std::string before_, after_;
};

/// Takes the diagonal where a letter occurs twice in one operand.
Value take_diagonals(Converter& c, const OnnxNode& n, Value x, std::string& letters) {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const std::size_t j = letters.find(letters[i], i + 1);
    if (j == std::string::npos) continue;
    const Shape from = c.shape(x);
    if (from[i] != from[j]) n.fail(Fault::format, "a letter stands for two sizes");
    Shape to = from;
    to.erase(to.begin() + static_cast<std::ptrdiff_t>(j));
    const std::vector<std::size_t> steps = strides(from);
    Integers map(c.charged_volume(to));
    const std::vector<std::size_t> to_steps = strides(to);
    for (std::size_t flat = 0; flat < map.size(); ++flat) {
      std::size_t source = 0;
      for (std::size_t axis = 0; axis < to.size(); ++axis) {
        const std::size_t index = flat / to_steps[axis] % to[axis];
        source += index * steps[axis < j ? axis : axis + 1];
        if (axis == i) source += index * steps[j];
      }
      map[flat] = static_cast<std::int64_t>(source);
    }
    x = c.remap(x, to, std::move(map));
    letters.erase(j, 1);
    --i;
  }
  return x;
}

std::string fresh_letters(const std::string& used, std::size_t count) {
  std::string letters;
  for (char letter = 'A'; letter <= 'z' && letters.size() < count; ++letter) {
    if (std::isalpha(static_cast<unsigned char>(letter)) != 0 && used.find(letter) == std::string::npos)
      letters += letter;
  }
  return letters;
}

/// The operator's letters are lower case; capital ones in the model are renamed.
std::string to_lower_letters(std::vector<std::string>& terms, std::string& out) {
  std::string all = out;
  for (const std::string& term : terms) all += term;
  std::map<char, char> rename;
  char next = 'a';
  for (const char letter : all) {
    if (rename.count(letter) == 0) rename[letter] = next++;
  }
  for (std::string& term : terms)
    std::transform(term.begin(), term.end(), term.begin(), [&](char l) { return rename[l]; });
  std::transform(out.begin(), out.end(), out.begin(), [&](char l) { return rename[l]; });
  std::string equation;
  for (const std::string& term : terms) equation += (equation.empty() ? "" : ",") + term;
  return equation + "->" + out;
}

std::vector<std::string> split_commas(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char letter : text) {
    if (letter == ',') {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

/// Output of an equation without "->": the batch, then the letters that occur once, in alphabetical order.
std::string implicit_output(const std::vector<std::string>& terms, const std::string& batch) {
  std::map<char, int> count;
  for (const std::string& term : terms) {
    for (const char letter : term) ++count[letter];
  }
  std::string out = batch;
  for (const auto& [letter, times] : count) {
    if (times == 1 && batch.find(letter) == std::string::npos) out += letter;
  }
  return out;
}

std::vector<Value> convert_einsum(Converter& c, const OnnxNode& n) {
  const std::string equation = n.text("equation", "");
  std::vector<Value> inputs = n.inputs();
  const std::size_t arrow = equation.find("->");
  const std::vector<std::string> texts = split_commas(equation.substr(0, arrow));
  if (texts.size() != inputs.size())
    n.fail(Fault::format, "the equation '" + equation + "' has other inputs than the node");
  std::size_t batch_rank = 0;
  std::vector<EinsumTerm> terms;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    terms.emplace_back(n, texts[i]);
    const std::size_t rank = c.rank(inputs[i]);
    if (rank < terms[i].letters() || (!terms[i].has_dots() && rank != terms[i].letters())) {
      n.fail(Fault::format, "the equation '" + equation + "' does not fit an input " + to_string(c.shape(inputs[i])));
    }
    batch_rank = std::max(batch_rank, rank - terms[i].letters());
  }
  const std::string batch = fresh_letters(equation, batch_rank);
  if (batch.size() < batch_rank) n.unsupported("too many axes; split the Einsum");
  std::vector<std::string> letters;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    letters.push_back(terms[i].expand(batch.substr(batch.size() - (c.rank(inputs[i]) - terms[i].letters()))));
  }
  std::string out = arrow == std::string::npos
                        ? implicit_output(letters, batch)
                        : EinsumTerm(n, equation.substr(arrow + 2))
                              .expand(equation.find("...", arrow) == std::string::npos ? "" : batch);
  std::map<char, std::size_t> sizes;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] = take_diagonals(c, n, inputs[i], letters[i]);
    for (std::size_t a = 0; a < letters[i].size(); ++a) {
      std::size_t& size = sizes.try_emplace(letters[i][a], 1).first->second;
      const std::size_t extent = c.shape(inputs[i])[a];
      if (size != 1 && extent != 1 && size != extent) n.fail(Fault::format, "a letter stands for two sizes");
      size = std::max(size, extent);
    }
  }
  // Axes of size 1 that are broadcast go, since a letter has one size.
  Shape result;
  for (const char letter : out) {
    if (sizes.count(letter) == 0) n.fail(Fault::format, "the output has a letter that no input has");
    result.push_back(sizes[letter]);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Integers gone;
    std::string kept;
    for (std::size_t a = 0; a < letters[i].size(); ++a) {
      const bool broadcast = c.shape(inputs[i])[a] == 1 && sizes[letters[i][a]] != 1;
      if (broadcast) gone.push_back(static_cast<std::int64_t>(a));
      if (!broadcast) kept += letters[i][a];
    }
    inputs[i] = c.squeeze(inputs[i], gone);
    letters[i] = kept;
  }
  // Products of more than three tensors are made two at a time, so that no sum has many factors.
  while (inputs.size() > 2) {
    std::string rest = out;
    for (std::size_t i = 2; i < letters.size(); ++i) rest += letters[i];
    std::string middle;
    for (const char letter : letters[0] + letters[1]) {
      if (middle.find(letter) == std::string::npos && rest.find(letter) != std::string::npos) middle += letter;
    }
    std::vector<std::string> pair{letters[0], letters[1]};
    std::string pair_out = middle;
    const Value product = c.einsum(to_lower_letters(pair, pair_out), {inputs[0], inputs[1]});
    inputs.erase(inputs.begin());
    letters.erase(letters.begin());
    inputs[0] = product;
    letters[0] = middle;
  }
  return {c.reshape(c.einsum(to_lower_letters(letters, out), inputs), result)};
}

/// Laplace's expansion along the first row; rows below are [*, n - 1, n].
Value determinant(Converter& c, Value x) {
  const std::size_t row = c.rank(x) - 2, column = c.rank(x) - 1;
  const auto n = static_cast<std::int64_t>(c.shape(x)[column]);
  const Integers both{static_cast<std::int64_t>(row), static_cast<std::int64_t>(column)};
  if (n == 1) return c.squeeze(x, both);
  const Value below = c.slice(x, row, 1, n - 1);
  std::optional<Value> total;
  for (std::int64_t j = 0; j < n; ++j) {
    std::vector<Value> rest;
    if (j > 0) rest.push_back(c.slice(below, column, 0, j));
    if (j + 1 < n) rest.push_back(c.slice(below, column, j + 1, n - 1 - j));
    const Value corner = c.squeeze(c.slice(c.slice(x, row, 0, 1), column, j, 1), both);
    const Value term = c.mul(corner, determinant(c, c.concat(std::move(rest), column)));
    total = !total ? term : j % 2 == 0 ? c.add(*total, term) : c.sub(*total, term);
  }
  return *total;
}

std::vector<Value> convert_det(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::size_t rank = c.rank(x);
  if (rank < 2 || c.shape(x)[rank - 1] != c.shape(x)[rank - 2]) n.fail(Fault::format, "the matrices must be square");
  const std::size_t size = c.shape(x).back();
  if (size < 1 || size > 5) n.unsupported("matrices of " + std::to_string(size) + " rows; up to 5 are expanded");
  return {determinant(c, x)};
}

constexpr ConverterEntry entries[] = {
    {"", "Det", convert_det},
    {"", "Einsum", convert_einsum},
    {"", "Gemm", convert_gemm},
    {"", "MatMul", convert_matmul},
};

}  // namespace

std::span<const ConverterEntry> linear_converters() { return entries; }

}  // namespace ezkl
