// What a plan is not made of.
#include <gtest/gtest.h>

#include "ezkl/error.hpp"
#include "field/fr.hpp"
#include "relations/plan.hpp"

namespace ezkl::relations {
namespace {

claims::Record one_input() {
  claims::Record record;
  record.node_names = {"names"};
  claims::TensorInfo info;
  info.shape = {2};
  info.origin = claims::Origin::input;
  record.tensors = {info};
  record.inputs = record.outputs = {claims::Tensor{0}};
  return record;
}

std::string refusal(const claims::Record& record) {
  try {
    make_plan(record, {});
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsupported);
    return e.what();
  }
  return "";
}

TEST(Plan, FieldElementsAreRefusedByTheirNode) {
  claims::Record record = one_input();
  EXPECT_EQ(refusal(record), "");
  record.tensors[0].field = true;
  EXPECT_NE(refusal(record).find("node 'names': field elements are for PLONK; use proof_system plonk"),
            std::string::npos);
}

TEST(Plan, NoClaimIsLeftOut) {
  for (const claims::Kind kind : {claims::Kind::fixed, claims::Kind::digest}) {
    claims::Record record = one_input();
    claims::Claim claim;
    claim.kind = kind;
    claim.defines = false;
    claim.in = {claims::Tensor{0}};
    claim.felts = std::make_shared<const claims::Felts>(2);
    record.claims = {claim};
    EXPECT_NE(refusal(record).find("use proof_system plonk"), std::string::npos);
  }
}

}  // namespace
}  // namespace ezkl::relations
