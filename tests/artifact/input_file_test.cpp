#include "artifact/input_file.hpp"

#include <gtest/gtest.h>

#include "artifact/felt_text.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

InputSpec spec(Shape shape, DType type = DType::f32, int scale = 0) { return {"x", std::move(shape), type, scale}; }

std::vector<Int128> quantized(const std::string& json, const InputSpec& one) {
  return *quantize_inputs(load_input(json), std::span(&one, 1))[0].integers;
}

TEST(InputFile, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(quantized(R"({"input_data":[[0.5,-0.5,2.5,1]]})", spec({4})), (std::vector<Int128>{1, -1, 3, 1}));
  EXPECT_EQ(quantized(R"({"input_data":[[0.5,-0.25]],"output_data":null,"input_shapes":3})", spec({2}, DType::f32, 7)),
            (std::vector<Int128>{64, -32}));
}

TEST(InputFile, FeltsStay) {
  const std::string minus_one = "000000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430";
  EXPECT_EQ(quantized("{\"input_data\":[[\"" + minus_one + "\",1]]}", spec({2}, DType::f32, 7)),
            (std::vector<Int128>{-1, 128}));
}

TEST(InputFile, FeltsBeyondIntegersMakeAListOfFieldElements) {
  const std::string hash = "ab" + std::string(60, '1') + "01", one = "01" + std::string(62, '0');
  const InputSpec wanted = spec({3}, DType::f32, 7);
  const claims::Inputs inputs =
      quantize_inputs(load_input("{\"input_data\":[[\"" + hash + "\",1,\"" + one + "\"]]}"), std::span(&wanted, 1));
  ASSERT_TRUE(inputs.has_felts());
  ASSERT_NE(inputs[0].felts, nullptr);
  EXPECT_EQ(*inputs[0].felts, (claims::Felts{parse_felt(hash), Fr::from_u64(128), Fr::one()}));
}

TEST(InputFile, IntegersAreWholeAndExact) {
  const Int128 odd = (Int128{1} << 53) + 1;
  EXPECT_EQ(
      quantized(R"({"input_data":[[9007199254740993,-9007199254740993.0,9007199254740993000e-3,3.0,1e3,-0.0,0e99]]})",
                spec({7}, DType::i64)),
      (std::vector<Int128>{odd, -odd, odd, 3, 1000, 0, 0}));
  EXPECT_EQ(quantized(R"({"input_data":[[18446744073709551615]]})", spec({1}, DType::u64)),
            (std::vector<Int128>{(Int128{1} << 64) - 1}));
  EXPECT_EQ(quantized(R"({"input_data":[[9007199254740993]]})", spec({1}, DType::i64, 7)),
            (std::vector<Int128>{odd * 128}));
  EXPECT_EQ(message_of([] { quantized(R"({"input_data":[[0.5]]})", spec({1}, DType::u8)); }),
            "input data: input 0 'x': element 0: 0.5 for an input of type uint8, which takes whole numbers");
  for (const DType type :
       {DType::i8, DType::i16, DType::i32, DType::i64, DType::u8, DType::u16, DType::u32, DType::u64, DType::boolean}) {
    for (const char* bad : {"1.9", "-0.5", "9007199254740992.5", "0.99999999999999999999", "1e-300", "1e300",
                            "170141183460469231731687303715884105728"}) {
      EXPECT_THROW(quantized("{\"input_data\":[[" + std::string(bad) + "]]}", spec({1}, type)), Error) << bad;
    }
  }
  EXPECT_EQ(message_of([] { quantized(R"({"input_data":[[300]]})", spec({1}, DType::u8)); }),
            "input data: input 0 'x': element 0: an input of type uint8 is 300, outside [0, 255]");
  EXPECT_EQ(message_of([] { quantized(R"({"input_data":[[9223372036854775808]]})", spec({1}, DType::i64)); }),
            "input data: input 0 'x': element 0: an input of type int64 is 9223372036854775808, outside "
            "[-9223372036854775808, 9223372036854775807]");
}

TEST(InputFile, LargeWholeNumbersAreWrittenWhole) {
  const InputData data = load_input(R"({"input_data":[[9007199254740993,-7,2.5]]})");
  EXPECT_EQ(input_text(data.inputs), "{\"input_data\":[[9007199254740993,-7.0,2.5]],\"output_data\":null}");
}

TEST(InputFile, ArraysGoByAllNamesOrNone) {
  InputData data = load_input(R"({"input_data":[[1],[2]]})");
  const std::vector<std::string> names = {"a", "b"};
  const auto first = [&](std::vector<std::string> arrays) {
    data.names = std::move(arrays);
    return lists_of(data, names)[0]->at(0).number;
  };
  EXPECT_EQ(first({"b", "a"}), 2);
  EXPECT_EQ(first({"c", "d"}), 1);
  EXPECT_EQ(first({}), 1);
  EXPECT_NE(message_of([&] { first({"b", "c"}); }).find("has no array 'a'"), std::string::npos);
  data.names = {"arr_0", "arr_1"};
  EXPECT_TRUE(named_by_place(data));
  data.names = {"arr_1", "arr_0"};
  EXPECT_FALSE(named_by_place(data));
}

/// 16 MB that were a gigabyte.
TEST(InputFile, HoldsSoManyValuesAndNoMore) {
  std::string text = "{\"input_data\":[[1";
  for (int i = 0; i < 1 << 23; ++i) text += ",1";
  const std::string message = message_of([&] { load_input(text + "]]}"); });
  EXPECT_NE(message.find("larger data are read from .npy"), std::string::npos) << message;
}

TEST(InputFile, BooleansFitBooleanInputsOnly) {
  EXPECT_EQ(quantized(R"({"input_data":[[true,false,1]]})", spec({3}, DType::boolean)), (std::vector<Int128>{1, 0, 1}));
  EXPECT_THROW(quantized(R"({"input_data":[[true]]})", spec({1})), Error);
  EXPECT_THROW(quantized(R"({"input_data":[[2]]})", spec({1}, DType::boolean)), Error);
}

TEST(InputFile, SaysWhichInputAndHowManyElements) {
  const std::string text = message_of([] { quantized(R"({"input_data":[[1,2,3]]})", spec({1, 4})); });
  EXPECT_EQ(text, "input data: input 0 'x' has shape [1, 4] and takes 4 elements, the list holds 3");
  EXPECT_EQ(message_of([] { quantized(R"({"input_data":[]})", spec({1})); }),
            "input data: the model has 1 input, input_data holds 0 lists");
}

TEST(InputFile, RefusesOtherShapes) {
  for (const char* bad :
       {R"([1,2])", R"({"input_data":[1,2]})", R"({"input_data":[[[1],[2,3]]]})", R"({"input_data":[[[1],2]]})",
        R"({"input_data":[[1,[2]]]})", R"({"input_data":[[[1,2],[[3],[4]]]]})", R"({"input_data":[[[],[1]]]})",
        R"({"input_data":{}})", R"({"input_data":[["1.5"]]})", R"({"input_data":[[null]]})", R"({})",
        R"({"input_data":[[1)"}) {
    EXPECT_THROW(load_input(bad), Error) << bad;
  }
  EXPECT_THROW(load_input("no/such/file.json"), Error);
  EXPECT_THROW(quantized(R"({"input_data":[[1e39]]})", spec({1}, DType::f64)), Error);
}

TEST(InputFile, NestedListsTellTheirShape) {
  const InputData data = load_input(R"({"input_data":[[[[1,2,3],[4,5,6]]],[7,8]]})");
  ASSERT_EQ(data.inputs.size(), 2u);
  ASSERT_EQ(data.inputs[0].size(), 6u);
  EXPECT_EQ(data.inputs[0][3].number, 4);
  EXPECT_EQ(data.shapes, (std::vector<Shape>{{1, 2, 3}, {}}));
  EXPECT_THROW(load_input("{\"input_data\":[" + std::string(40, '[') + "1" + std::string(40, ']') + "]}"), Error);
}

TEST(InputFile, SplitsSamples) {
  const InputSpec specs[] = {spec({2}), spec({1})};
  const auto samples = split_samples(load_input(R"({"input_data":[[1,2,3,4],[5,6]]})"), specs);
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[1].inputs[0][1].number, 4);
  EXPECT_EQ(samples[1].inputs[1][0].number, 6);
  EXPECT_THROW(split_samples(load_input(R"({"input_data":[[1,2,3],[5,6]]})"), specs), Error);
  EXPECT_THROW(split_samples(load_input(R"({"input_data":[[1,2],[5,6]]})"), specs), Error);
}

TEST(InputFile, WritesNumbersWithPoint) {
  InputValue four, yes;
  four.number = 4;
  yes.kind = InputValue::Kind::boolean;
  yes.number = 1;
  EXPECT_EQ(input_text({{four, yes}}), "{\"input_data\":[[4.0,true]],\"output_data\":null}");
}

}  // namespace
}  // namespace ezkl
