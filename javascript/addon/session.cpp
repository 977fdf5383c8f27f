#include "session.hpp"

#include <new>

namespace ezkl_node {
namespace {

/// Bytes that the library owns.
struct Owned {
  ezkl_bytes bytes{nullptr, 0, nullptr};

  Owned() = default;
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { ezkl_bytes_free(&bytes); }
};

}  // namespace

Session::Session() : session_(ezkl_session_new()) {
  if (session_ == nullptr) throw std::bad_alloc();
}

void Session::listen(ezkl_progress_fn progress, ezkl_log_fn log, int level, void* user) {
  ezkl_set_progress(session_, progress, user);
  ezkl_set_log(session_, log, user, level);
}

Answer Session::failure(int code) const {
  Answer out;
  out.failed = true;
  out.details = ezkl_error_details(session_);
  // There is no text where there was no memory for it.
  if (out.details.empty()) {
    out.details = R"({"fault":")" + std::string(code == EZKL_NO_MEMORY ? "out_of_memory" : "internal") +
                  R"(","code":)" + std::to_string(code) + R"(,"frames":[],"text":"no memory","hints":[]})";
  }
  return out;
}

Answer Session::run(const Request& request) {
  for (const auto& [name, value] : request.options) {
    const int code = ezkl_set_option(session_, name.c_str(), value.c_str());
    if (code != EZKL_OK) return failure(code);
  }
  std::vector<ezkl_bytes> in;
  for (const Bytes& bytes : request.memory) {
    in.push_back({const_cast<std::uint8_t*>(bytes.data()), bytes.size(), nullptr});  // only read
  }
  Owned result;
  std::vector<ezkl_bytes> out(request.outputs, ezkl_bytes{nullptr, 0, nullptr});
  const int code = ezkl_run(session_, request.command.c_str(), request.arguments.c_str(), in.data(), in.size(),
                            &result.bytes, out.data(), out.size());
  if (code != EZKL_OK) return failure(code);  // fills no output
  Answer answer;
  answer.result.assign(reinterpret_cast<const char*>(result.bytes.data), result.bytes.size);
  for (ezkl_bytes& bytes : out) {
    answer.outputs.emplace_back(bytes.data, bytes.data + bytes.size);
    ezkl_bytes_free(&bytes);
  }
  return answer;
}

}  // namespace ezkl_node
