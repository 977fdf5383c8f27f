// Products of matrices.
#include <cmath>
#include <map>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "floatrun/products.hpp"
#include "floatrun/windows.hpp"

namespace ezkl::floatrun {

Tensor matmul(const Call& c, const Tensor& a, const Tensor& b) {
  c.require(a.type == b.type && a.rank() >= 1 && b.rank() >= 1, "operands of two types or without axes");
  Shape left = a.shape, right = b.shape;
  if (left.size() == 1) left.insert(left.begin(), 1);
  if (right.size() == 1) right.push_back(1);
  const std::size_t m = left[left.size() - 2], k = left.back(), n = right.back();
  c.require(right[right.size() - 2] == k, "the inner extents differ");
  const Shape left_batch(left.begin(), left.end() - 2), right_batch(right.begin(), right.end() - 2);
  const Shape batch = broadcast_shape(left_batch, right_batch);
  Shape shape = batch;
  if (a.rank() > 1) shape.push_back(m);
  if (b.rank() > 1) shape.push_back(n);
  Tensor out = c.make(a.type, shape);
  const double work = static_cast<double>(out.size()) * static_cast<double>(k);
  c.require(work < 0x1p60, "the product is too large");
  c.spend(static_cast<std::uint64_t>(work));
  broadcast<2>(batch, {&left_batch, &right_batch}, [&](std::size_t i, const auto& at) {
    if (out.real()) {
      add_product(m, k, n, a.reals().data() + at[0] * m * k, b.reals().data() + at[1] * k * n,
                  out.reals().data() + i * m * n);
      return;
    }
    for (std::size_t r = 0; r < m; ++r) {
      for (std::size_t j = 0; j < k; ++j) {
        const auto factor = static_cast<std::uint64_t>(a.ints()[(at[0] * m + r) * k + j]);
        for (std::size_t l = 0; l < n; ++l) {
          Int& to = out.ints()[(i * m + r) * n + l];
          const auto other = static_cast<std::uint64_t>(b.ints()[(at[1] * k + j) * n + l]);
          to = static_cast<Int>(static_cast<std::uint64_t>(to) + factor * other);
        }
      }
    }
  });
  return out;
}

namespace {

Outputs matmul_kernel(const Call& c) { return {matmul(c, c.in(0), c.in(1))}; }

Outputs gemm(const Call& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(a.rank() == 2 && b.rank() == 2, "an operand is no matrix");
  const double alpha = c.real("alpha", 1), beta = c.real("beta", 1);
  const auto turned = [&](const Tensor& x, const char* flag) {
    return c.integer(flag, 0) != 0 ? transposed(c, x, {1, 0}) : Tensor();
  };
  const Tensor left = turned(a, "transA"), right = turned(b, "transB");
  Tensor out = matmul(c, left.shape.empty() ? a : left, right.shape.empty() ? b : right);
  if (out.real()) {
    for (double& v : out.reals()) v *= alpha;
  } else {
    c.require(alpha == 1 && beta == 1, "factors other than 1 for integers");
  }
  if (c.has_input(2)) {
    const Tensor& bias = c.in(2);
    c.require(bias.type == out.type && broadcast_shape(bias.shape, out.shape) == out.shape,
              "C does not fit the product");
    broadcast<2>(out.shape, {&out.shape, &bias.shape}, [&](std::size_t i, const auto& at) {
      if (out.real()) {
        out.reals()[i] += beta * bias.reals()[at[1]];
      } else {
        out.ints()[i] = static_cast<Int>(static_cast<std::uint64_t>(out.ints()[i]) +
                                         static_cast<std::uint64_t>(bias.ints()[at[1]]));
      }
    });
  }
  return {std::move(out)};
}

/// The labels of each operand and of the result; an ellipsis becomes labels of its own (0, 1, …, below every letter).
struct Equation {
  std::vector<std::string> operands;
  std::string result;
};

Equation parse_equation(const Call& c) {
  std::string text;
  for (const char ch : c.text("equation", "")) {
    if (ch != ' ') text += ch;
  }
  Equation e;
  const std::size_t arrow = text.find("->");
  std::string terms = text.substr(0, arrow) + ",";
  for (std::size_t end = terms.find(','); end != std::string::npos; end = terms.find(',')) {
    e.operands.push_back(terms.substr(0, end));
    terms.erase(0, end + 1);
  }
  c.require(e.operands.size() == c.input_count(), "the equation has another number of operands than the node");
  std::size_t widest = 0;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    const std::size_t dots = e.operands[i].find("...");
    if (dots == std::string::npos) continue;
    const std::size_t named = e.operands[i].size() - 3;
    c.require(named <= c.in(i).rank(), "an operand has fewer axes than labels");
    widest = std::max(widest, c.in(i).rank() - named);
  }
  c.require(widest <= 16, "an ellipsis of more than 16 axes");
  const auto labels = [&](std::size_t count) {
    std::string out;
    for (std::size_t k = widest - count; k < widest; ++k) out += static_cast<char>(k + 1);
    return out;
  };
  std::map<char, int> uses;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    std::string& labelled = e.operands[i];
    const std::size_t dots = labelled.find("...");
    if (dots != std::string::npos) labelled.replace(dots, 3, labels(c.in(i).rank() + 3 - labelled.size()));
    c.require(labelled.size() == c.in(i).rank(), "an operand's labels do not fit its axes");
    for (const char label : labelled) ++uses[label];
  }
  if (arrow != std::string::npos) {
    e.result = text.substr(arrow + 2);
    const std::size_t dots = e.result.find("...");
    if (dots != std::string::npos) e.result.replace(dots, 3, labels(widest));
  } else {
    // Without a result: what the ellipsis holds, then the labels that occur once, by the alphabet.
    e.result = labels(widest);
    for (const auto& [label, count] : uses) {
      if (count == 1 && label > 16) e.result += label;
    }
  }
  return e;
}

Outputs einsum(const Call& c) {
  const Equation e = parse_equation(c);
  std::map<char, std::size_t> extents;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    c.require(c.in(i).type == c.in(0).type, "operands of several types");
    for (std::size_t k = 0; k < e.operands[i].size(); ++k) {
      std::size_t& extent = extents.emplace(e.operands[i][k], 1).first->second;
      const std::size_t own = c.in(i).shape[k];
      c.require(extent == own || extent == 1 || own == 1, "a label has two extents");
      if (extent == 1) extent = own;
    }
  }
  std::string order = e.result;
  Shape shape;
  for (const char label : e.result) {
    c.require(extents.count(label) != 0, "the result has a label that no operand has");
    shape.push_back(extents[label]);
  }
  Shape all = shape;
  for (const auto& [label, extent] : extents) {
    if (e.result.find(label) != std::string::npos) continue;
    order += label;
    all.push_back(extent);
  }
  std::vector<std::vector<std::size_t>> steps;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    const std::vector<std::size_t> own = strides(c.in(i).shape);
    std::vector<std::size_t>& mine = steps.emplace_back(order.size(), 0);
    for (std::size_t k = 0; k < own.size(); ++k) {
      if (c.in(i).shape[k] != 1) mine[order.find(e.operands[i][k])] += own[k];
    }
  }
  Tensor out = c.make(c.in(0).type, shape);
  c.spend(volume(all));
  if (volume(all) == 0) return {std::move(out)};
  const std::size_t inner = volume(all) / out.size();
  Odometer at(all);
  for (std::size_t i = 0; i < out.size(); ++i) {
    double real = 0;
    std::uint64_t whole = 0;
    for (std::size_t j = 0; j < inner; ++j, at.next()) {
      double product = 1;
      std::uint64_t factor = 1;
      for (std::size_t o = 0; o < steps.size(); ++o) {
        std::size_t place = 0;
        for (std::size_t k = 0; k < order.size(); ++k) place += at[k] * steps[o][k];
        if (out.real()) {
          product *= c.in(o).reals()[place];
        } else {
          factor *= static_cast<std::uint64_t>(c.in(o).ints()[place]);
        }
      }
      real += product;
      whole += factor;
    }
    if (out.real()) {
      out.reals()[i] = real;
    } else {
      out.ints()[i] = static_cast<Int>(whole);
    }
  }
  return {std::move(out)};
}

double determinant(std::vector<double> m, std::size_t n) {
  double det = 1;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i + 1; r < n; ++r) {
      if (std::fabs(m[r * n + i]) > std::fabs(m[pivot * n + i])) pivot = r;
    }
    if (m[pivot * n + i] == 0) return 0;
    if (pivot != i) {
      det = -det;
      for (std::size_t k = 0; k < n; ++k) std::swap(m[i * n + k], m[pivot * n + k]);
    }
    det *= m[i * n + i];
    for (std::size_t r = i + 1; r < n; ++r) {
      const double factor = m[r * n + i] / m[i * n + i];
      for (std::size_t k = i; k < n; ++k) m[r * n + k] -= factor * m[i * n + k];
    }
  }
  return det;
}

Outputs det(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  c.require(shape.size() >= 2 && shape.back() == shape[shape.size() - 2], "the input holds no square matrices");
  const std::size_t n = shape.back();
  Tensor out = c.make(c.in(0).type, Shape(shape.begin(), shape.end() - 2));
  c.spend(x.size() * n);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto start = x.begin() + static_cast<Int>(i * n * n);
    out.reals()[i] = determinant({start, start + static_cast<Int>(n * n)}, n);
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "Det", det},
    {"", "Einsum", einsum},
    {"", "Gemm", gemm},
    {"", "MatMul", matmul_kernel},
};

}  // namespace

std::span<const KernelEntry> linear_kernels() { return entries; }

}  // namespace ezkl::floatrun
