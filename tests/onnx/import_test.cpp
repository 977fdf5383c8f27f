// ONNX files, good and bad.
#include "onnx/import.hpp"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <cmath>
#include <fstream>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

class Import : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("ezkl_import_") + info->name() + "_" + std::to_string(getpid()));
    fs::create_directories(folder_ / "model");
    model_.set_ir_version(8);
    auto* opset = model_.add_opset_import();
    opset->set_version(17);
    auto* graph = model_.mutable_graph();
    auto* input = graph->add_input();
    input->set_name("x");
    input->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
    input->mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(4);
    auto* node = graph->add_node();
    node->set_op_type("Add");
    node->add_input("x");
    node->add_input("w");
    node->add_output("y");
    graph->add_output()->set_name("y");
  }

  void TearDown() override { fs::remove_all(folder_); }

  onnx::TensorProto* weight(int type, std::vector<std::int64_t> dims) {
    auto* tensor = model_.mutable_graph()->add_initializer();
    tensor->set_name("w");
    tensor->set_data_type(type);
    for (const auto d : dims) tensor->add_dims(d);
    return tensor;
  }

  fs::path path() const { return folder_ / "model" / "network.onnx"; }

  ModelDef read() const {
    std::ofstream file(path(), std::ios::binary);
    model_.SerializeToOstream(&file);
    file.close();
    return read_onnx(path());
  }

  /// The model as it is now is no format that is read, and `what` is in the words for it.
  void expect_refused(const char* what) const {
    try {
      read();
      ADD_FAILURE() << what;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::format) << what;
      EXPECT_NE(std::string(e.what()).find(what), std::string::npos) << e.what();
    }
  }

  std::vector<double> weights() const { return read().graph.initializers.at("w").data; }

  Fault fault() const {
    try {
      read();
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  }

  fs::path folder_;
  onnx::ModelProto model_;
};

TEST_F(Import, ReadsTypedFieldsAndRawData) {
  auto* tensor = weight(onnx::TensorProto::FLOAT, {2});
  tensor->add_float_data(0.5f);
  tensor->add_float_data(-3);
  EXPECT_EQ(weights(), (std::vector<double>{0.5, -3}));
  tensor->clear_float_data();
  const float raw[] = {1.5f, 2};
  tensor->set_raw_data(std::string(reinterpret_cast<const char*>(raw), sizeof raw));
  EXPECT_EQ(weights(), (std::vector<double>{1.5, 2}));
}

TEST_F(Import, ReadsHalfPrecisionBfloatAndNibbles) {
  auto* tensor = weight(onnx::TensorProto::FLOAT16, {3});
  tensor->add_int32_data(0x3C00);
  tensor->add_int32_data(0x8001);
  tensor->add_int32_data(0x7C00);
  const auto half = weights();
  EXPECT_EQ(half[0], 1);
  EXPECT_EQ(half[1], -0x1p-24);
  EXPECT_TRUE(std::isinf(half[2]));
  tensor->set_data_type(onnx::TensorProto::BFLOAT16);
  tensor->clear_int32_data();
  tensor->set_raw_data(std::string("\x80\x3f\x00\xc0\x00\x00", 6));
  EXPECT_EQ(weights(), (std::vector<double>{1, -2, 0}));
  tensor->set_data_type(22);
  tensor->set_raw_data(std::string("\x8f\x07", 2));
  EXPECT_EQ(weights(), (std::vector<double>{-1, -8, 7}));
}

TEST_F(Import, ReadsIntegersOfEveryWidth) {
  auto* tensor = weight(onnx::TensorProto::INT8, {2});
  tensor->set_raw_data(std::string("\xff\x7f", 2));
  EXPECT_EQ(weights(), (std::vector<double>{-1, 127}));
  tensor->set_data_type(onnx::TensorProto::UINT8);
  EXPECT_EQ(weights(), (std::vector<double>{255, 127}));
  tensor->set_data_type(onnx::TensorProto::UINT64);
  tensor->clear_raw_data();
  tensor->add_uint64_data(1ull << 63);
  tensor->add_uint64_data(3);
  EXPECT_EQ(weights(), (std::vector<double>{0x1p63, 3}));
}

TEST_F(Import, DataOfAnotherLengthThanTheShapeIsRefused) {
  auto* tensor = weight(onnx::TensorProto::FLOAT, {1000000, 1000000});
  tensor->set_raw_data("1234");
  EXPECT_EQ(fault(), Fault::format);
  tensor->clear_raw_data();
  tensor->add_float_data(1);
  EXPECT_EQ(fault(), Fault::format);
  tensor->set_dims(0, -1);
  EXPECT_EQ(fault(), Fault::format);
}

TEST_F(Import, StringsAreNoNumbers) {
  weight(onnx::TensorProto::STRING, {1})->add_string_data("cat");
  EXPECT_EQ(fault(), Fault::unsupported);
}

TEST_F(Import, ReadsExternalDataBesideTheModel) {
  const float raw[] = {9, 1, 2};
  std::ofstream(folder_ / "model" / "weights.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(raw), sizeof raw);
  auto* tensor = weight(onnx::TensorProto::FLOAT, {2});
  tensor->set_data_location(onnx::TensorProto::EXTERNAL);
  const auto say = [&](const std::string& key, const std::string& text) {
    auto* entry = tensor->add_external_data();
    entry->set_key(key);
    entry->set_value(text);
  };
  say("location", "weights.bin");
  say("offset", "4");
  EXPECT_EQ(weights(), (std::vector<double>{1, 2}));
  EXPECT_EQ(external_files(folder_ / "model" / "network.onnx"), std::vector<std::string>{"weights.bin"});
  say("length", "400");
  EXPECT_EQ(fault(), Fault::format);
}

TEST_F(Import, TheListenerGetsTheBytesOfEveryFile) {
  const fs::path data = folder_ / "model" / "weights.bin", unused = folder_ / "model" / "empty.bin";
  const float raw[] = {1, 2, 3, 4};
  std::ofstream(data, std::ios::binary).write(reinterpret_cast<const char*>(raw), sizeof raw);
  std::ofstream(unused, std::ios::binary).flush();
  const auto place = [](onnx::TensorProto* tensor, const std::string& location) {
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    auto* entry = tensor->add_external_data();
    entry->set_key("location");
    entry->set_value(location);
  };
  place(weight(onnx::TensorProto::FLOAT, {4}), "weights.bin");
  place(weight(onnx::TensorProto::FLOAT, {0}), "empty.bin");
  model_.mutable_graph()->mutable_initializer(1)->set_name("v");
  read();
  std::vector<std::pair<std::string, std::string>> heard;
  const auto listener = [&](const std::string& name) {
    heard.emplace_back(name, "");
    return [&heard, i = heard.size() - 1](std::span<const std::uint8_t> piece) {
      heard[i].second.append(piece.begin(), piece.end());
    };
  };
  read_onnx(path(), default_max_model_size, listener);
  const auto content = [](const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_EQ(heard, (std::vector<std::pair<std::string, std::string>>{
                       {"network.onnx", content(path())}, {"empty.bin", ""}, {"weights.bin", content(data)}}));
  // What is written between the tensors and the digest would go unnoticed.
  const auto meddler = [&](const std::string& name) {
    if (name == "empty.bin") fs::resize_file(data, 8);
    return [](std::span<const std::uint8_t>) {};
  };
  try {
    read_onnx(path(), default_max_model_size, meddler);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::io);
    EXPECT_NE(std::string(e.what()).find("weights.bin: changed while it was read"), std::string::npos) << e.what();
  }
}

TEST_F(Import, ExternalDataMuchLongerThanItsTensorIsNotRead) {
  std::ofstream(folder_ / "model" / "weights.bin", std::ios::binary).flush();
  fs::resize_file(folder_ / "model" / "weights.bin", std::uint64_t{1} << 26);
  auto* tensor = weight(onnx::TensorProto::FLOAT, {2});
  tensor->set_data_location(onnx::TensorProto::EXTERNAL);
  auto* entry = tensor->add_external_data();
  entry->set_key("location");
  entry->set_value("weights.bin");
  EXPECT_EQ(fault(), Fault::format);
}

TEST_F(Import, ExternalDataOutsideTheFolderIsRefused) {
  std::ofstream(folder_ / "secret.bin", std::ios::binary).write("12345678", 8);
  fs::create_symlink(folder_ / "secret.bin", folder_ / "model" / "link.bin");
  std::ofstream(folder_ / "model" / "there.bin", std::ios::binary).write("12345678", 8);
  auto* tensor = weight(onnx::TensorProto::FLOAT, {2});
  tensor->set_data_location(onnx::TensorProto::EXTERNAL);
  auto* entry = tensor->add_external_data();
  entry->set_key("location");
  for (const std::string& location : {std::string("../secret.bin"), (folder_ / "secret.bin").string(),
                                      std::string("link.bin"), std::string("there.bin\0x", 11), std::string()}) {
    entry->set_value(location);
    EXPECT_EQ(fault(), Fault::format) << location;
    EXPECT_THROW(external_files(folder_ / "model" / "network.onnx"), Error) << location;
  }
  entry->set_value("absent.bin");
  EXPECT_EQ(fault(), Fault::io);
}

TEST_F(Import, SparseInitializersAreFilledUp) {
  auto* sparse = model_.mutable_graph()->add_sparse_initializer();
  sparse->add_dims(2);
  sparse->add_dims(2);
  auto* values = sparse->mutable_values();
  values->set_name("w");
  values->set_data_type(onnx::TensorProto::FLOAT);
  values->add_dims(1);
  values->add_float_data(7);
  auto* indices = sparse->mutable_indices();
  indices->set_data_type(onnx::TensorProto::INT64);
  indices->add_dims(1);
  indices->add_int64_data(2);
  EXPECT_EQ(weights(), (std::vector<double>{0, 0, 7, 0}));
  indices->set_int64_data(0, 4);
  EXPECT_EQ(fault(), Fault::format);
}

TEST_F(Import, TruncatedAndForeignFilesAreRefused) {
  weight(onnx::TensorProto::FLOAT, {1})->add_float_data(1);
  const std::string good = model_.SerializeAsString();
  for (std::size_t length = 0; length < good.size(); ++length) {
    std::ofstream(path(), std::ios::binary) << good.substr(0, length);
    try {
      const ModelDef m = read_onnx(path());
      EXPECT_FALSE(m.graph.outputs.empty());
    } catch (const Error& e) {
      EXPECT_TRUE(e.fault() == Fault::format || e.fault() == Fault::io) << e.what();
    }
  }
  std::ofstream(path()) << "{\"not\": \"protobuf\"}";
  EXPECT_THROW(read_onnx(path()), Error);
  EXPECT_THROW(read_onnx(folder_ / "absent.onnx"), Error);
}

TEST_F(Import, AttributesKeepTheirTypes) {
  weight(onnx::TensorProto::FLOAT, {1})->add_float_data(1);
  auto* node = model_.mutable_graph()->mutable_node(0);
  auto* attribute = node->add_attribute();
  attribute->set_name("axes");
  attribute->add_ints(3);  // no type, as old exporters leave it
  auto* slope = node->add_attribute();
  slope->set_name("slope");
  slope->set_type(onnx::AttributeProto::FLOAT);
  slope->set_f(0.25f);
  const NodeDef read_node = read().graph.nodes.at(0);
  EXPECT_EQ(read_node.name, "y");
  EXPECT_EQ(read_node.attributes.at("axes").ints, (std::vector<std::int64_t>{3}));
  EXPECT_EQ(read_node.attributes.at("slope").f, 0.25);
}

// Which of the two is meant each reader decides for itself, and a proof would be about another model than its reader's.
TEST_F(Import, NamesHaveALength) {
  weight(onnx::TensorProto::FLOAT, {1})->add_float_data(1);
  const onnx::ModelProto good = model_;
  const std::string most(4096, 'n'), more(4097, 'n');
  const auto with = [&](const std::string& name) {
    std::vector<onnx::ModelProto> out(5, good);
    out[0].mutable_graph()->mutable_initializer(0)->set_name(name);
    out[1].mutable_graph()->set_name(name);
    out[2].mutable_graph()->mutable_node(0)->set_name(name);
    out[3].mutable_graph()->mutable_node(0)->add_attribute()->set_name(name);
    out[4].mutable_graph()->mutable_input(0)->set_name(name);
    return out;
  };
  for (const onnx::ModelProto& model : with(more)) {
    model_ = model;
    try {
      read();
      ADD_FAILURE() << "taken";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range) << e.what();
      EXPECT_NE(std::string(e.what()).find("(4097 characters)"), std::string::npos) << e.what();
      EXPECT_LT(std::string(e.what()).size(), 600u);
    }
  }
  model_ = with(most)[2];
  read();
}

TEST_F(Import, WhatReadersWouldReadDifferentlyIsRefused) {
  weight(onnx::TensorProto::FLOAT, {1})->add_float_data(1);
  const onnx::ModelProto good = model_;
  const auto refused = [&](const char* what) {
    expect_refused(what);
    model_ = good;
  };
  const char* const two_fields = "data in more than one of the fields";
  model_.mutable_graph()->mutable_initializer(0)->set_raw_data(std::string(4, 1));
  refused(two_fields);
  model_.mutable_graph()->mutable_initializer(0)->add_int32_data(1);
  refused(two_fields);
  model_.mutable_graph()->mutable_initializer(0)->set_data_location(onnx::TensorProto::EXTERNAL);
  refused(two_fields);
  const auto opset = [&](const char* domain, int version) {
    auto* entry = model_.add_opset_import();
    entry->set_domain(domain);
    entry->set_version(version);
  };
  opset("other", 1);
  opset("other", 2);
  refused("the operator set of the domain 'other' is given twice, as version 1 and 2");
  model_.clear_opset_import();
  opset("", 17);
  opset("ai.onnx", 11);
  refused("is given twice, as version 17 and 11");
  opset("other", 1);
  opset("other", 1);
  EXPECT_EQ(read().opsets.at("other"), 1);
  model_ = good;
  const auto function = [&](const char* domain) {
    auto* made = model_.add_functions();
    made->set_name("Relu");
    made->set_domain(domain);
    made->add_input("a");
    made->add_output("a");
  };
  function("ai.onnx");
  refused("the function 'Relu' is in the domain of ONNX's own operators");
  function("own");
  function("other");
  EXPECT_EQ(read().functions.size(), 2u);
  function("own");
  refused("two functions 'Relu' of the domain 'own'");
}

TEST_F(Import, EachValueAndAttributeHasANameOfItsOwn) {
  weight(onnx::TensorProto::FLOAT, {1})->add_float_data(1);
  const onnx::ModelProto good = model_;
  auto& graph = *model_.mutable_graph();
  const auto refused = [&](const char* what) {
    expect_refused(what);
    model_ = good;
  };
  weight(onnx::TensorProto::FLOAT, {1})->add_float_data(2);
  refused("the initializer 'w'");
  *graph.add_node() = graph.node(0);
  refused("a node's output 'y'");
  graph.mutable_node(0)->set_output(0, "x");
  refused("a node's output 'x'");
  graph.mutable_node(0)->set_output(0, "w");
  refused("a node's output 'w'");
  *graph.add_input() = graph.input(0);
  refused("the input 'x'");
  for (int i = 0; i < 2; ++i) {
    auto* attribute = graph.mutable_node(0)->add_attribute();
    attribute->set_name("axis");
    attribute->set_i(i);
  }
  refused("attribute 'axis': is given twice");
  auto* body = graph.mutable_node(0)->add_attribute();
  body->set_name("body");
  *body->mutable_g() = graph;
  body->mutable_g()->clear_initializer();
  *body->mutable_g()->add_node() = graph.node(0);
  refused("a node's output 'y'");
  auto* function = model_.add_functions();
  function->add_input("a");
  function->add_node()->add_output("a");
  refused("a node's output 'a'");
  // An initializer that is an input too gives that input's value.
  *graph.add_input() = graph.input(0);
  graph.mutable_input(1)->set_name("w");
  EXPECT_EQ(read().graph.inputs.size(), 2u);
  // What is left out has no name.
  graph.mutable_node(0)->add_output("");
  graph.mutable_node(0)->add_output("");
  EXPECT_NO_THROW(read());
}

TEST_F(Import, WhatIsNotStoredIsCharged) {
  auto* sparse = model_.mutable_graph()->add_sparse_initializer();
  sparse->add_dims(1 << 26);
  sparse->mutable_values()->set_name("w");
  sparse->mutable_values()->set_data_type(onnx::TensorProto::FLOAT);
  sparse->mutable_values()->add_dims(1);
  sparse->mutable_values()->add_float_data(1);
  sparse->mutable_indices()->set_data_type(onnx::TensorProto::INT64);
  sparse->mutable_indices()->add_dims(1);
  sparse->mutable_indices()->add_int64_data(0);
  try {
    read();
    FAIL();
  } catch (const Error& e) {
    const std::string what = e.what();
    EXPECT_EQ(e.fault(), Fault::limit);
    EXPECT_NE(what.find("initializer 'w'"), std::string::npos) << what;
    EXPECT_NE(what.find("max_model_size"), std::string::npos) << what;
  }
  // As an attribute.
  model_.mutable_graph()->clear_sparse_initializer();
  auto* node = model_.mutable_graph()->mutable_node(0);
  node->set_op_type("Constant");
  node->clear_input();
  auto* attribute = node->add_attribute();
  attribute->set_name("sparse_value");
  attribute->set_type(onnx::AttributeProto::SPARSE_TENSOR);
  auto* value = attribute->mutable_sparse_tensor();
  value->add_dims(1 << 13);
  value->add_dims(1 << 13);
  value->mutable_values()->set_data_type(onnx::TensorProto::FLOAT);
  value->mutable_values()->add_dims(1);
  value->mutable_values()->add_float_data(1);
  value->mutable_indices()->set_data_type(onnx::TensorProto::INT64);
  value->mutable_indices()->add_dims(1);
  value->mutable_indices()->add_int64_data(0);
  EXPECT_EQ(fault(), Fault::limit);
}

TEST_F(Import, ReadingTheSameExternalBytesAgainIsCharged) {
  std::ofstream(folder_ / "model" / "weights.bin", std::ios::binary) << std::string(1 << 16, 1);
  const auto add = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto* tensor = weight(onnx::TensorProto::UINT8, {1 << 16});
      tensor->set_name("w" + std::to_string(model_.graph().initializer_size()));
      tensor->set_data_location(onnx::TensorProto::EXTERNAL);
      auto* entry = tensor->add_external_data();
      entry->set_key("location");
      entry->set_value("weights.bin");
    }
  };
  add(8);
  std::ofstream file(path(), std::ios::binary);
  model_.SerializeToOstream(&file);
  file.close();
  EXPECT_NO_THROW(read_onnx(path(), 1));
  add(100);
  std::ofstream more(path(), std::ios::binary);
  model_.SerializeToOstream(&more);
  more.close();
  EXPECT_THROW(read_onnx(path(), 1), Error);
  EXPECT_NO_THROW(read_onnx(path()));
}

}  // namespace
}  // namespace ezkl
