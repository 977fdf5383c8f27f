// What an input may be: the numbers of its element type, as far as the decomposition limit reaches, claimed in the
// circuit.
#include <gtest/gtest.h>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/record.hpp"
#include "model_text.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

using claims::Interval;

claims::Record record_of(DType type, const RunArgs& args) {
  ModelDef model = testing::model({testing::value("pixels", {3}, type)}, {testing::node("Neg", {"pixels"}, {"y"})}, {});
  return record(build_graph(model, args), args);
}

/// The range that is claimed of the input.
Interval claimed(const claims::Record& record) {
  for (const claims::Claim& claim : record.claims) {
    if (claim.kind == claims::Kind::range && claim.in[0] == record.inputs[0]) return claim.interval;
  }
  ADD_FAILURE() << "no range";
  return {};
}

TEST(InputTypes, OnlyNumbersOfTheTypeAreProved) {
  RunArgs args;
  for (const Semantics semantics : {Semantics::onnx, Semantics::published}) {
    args.semantics = semantics;
    const Int128 limit = claims::decomposition_limit(args);
    for (const auto& [type, wanted] :
         {std::pair(DType::u8, Interval{0, 255}), std::pair(DType::i8, Interval{-128, 127}),
          std::pair(DType::u16, Interval{0, 65535}), std::pair(DType::i16, Interval{-32768, 32767}),
          std::pair(DType::u32, Interval{0, limit}), std::pair(DType::i32, Interval{-limit, limit}),
          std::pair(DType::u64, Interval{0, limit}), std::pair(DType::i64, Interval{-limit, limit}),
          std::pair(DType::f32, Interval{-limit, limit})}) {
      const claims::Record record = record_of(type, args);
      EXPECT_EQ(claimed(record), wanted) << name(type);
      for (const Int128 value : {wanted.lo - 1, wanted.hi + 1}) {
        claims::Evaluation evaluation(record, {{0, value, 0}});
        try {
          evaluation.run();
          ADD_FAILURE() << name(type) << " of " << to_string(value);
        } catch (const Error& e) {
          EXPECT_EQ(e.fault(), Fault::range);
          const std::string text = e.what();
          EXPECT_EQ(text.rfind("node 'pixels': element 1 ([1] of [3]) is " + to_string(value) + ", outside [" +
                                   to_string(wanted.lo) + ", " + to_string(wanted.hi) + "]",
                               0),
                    0U)
              << text;
        }
      }
      claims::Evaluation ends(record, {{wanted.lo, wanted.hi, 0}});
      ends.run();
      EXPECT_EQ(ends.outputs()[0], (claims::Values{-wanted.lo, -wanted.hi, 0}));
    }
  }
}

TEST(InputTypes, AreRefusedWhereTheyAreRead) {
  const auto text = [](double value, DType type) -> std::string {
    try {
      quantize_input(value, type, 0);
      return "";
    } catch (const Error& e) {
      return e.what();
    }
  };
  EXPECT_EQ(text(300, DType::u8), "an input of type uint8 is 300, outside [0, 255]");
  EXPECT_EQ(text(-5, DType::u8), "an input of type uint8 is -5, outside [0, 255]");
  EXPECT_EQ(text(-129, DType::i8), "an input of type int8 is -129, outside [-128, 127]");
  EXPECT_EQ(text(0x1p63, DType::i64),
            "an input of type int64 is 9223372036854775808, outside [-9223372036854775808, 9223372036854775807]");
  for (const auto& [value, type] : {std::pair(255.0, DType::u8), std::pair(-128.0, DType::i8),
                                    std::pair(-0x1p63, DType::i64), std::pair(0x1p63, DType::u64)}) {
    EXPECT_EQ(text(value, type), "");
  }
}

}  // namespace
}  // namespace ezkl
