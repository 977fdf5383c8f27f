#include "store/attempt_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"
#include "store/durable.hpp"
#include "store/limits.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

constexpr std::uint64_t longest_file = 64 << 20;
constexpr const char* ending_names[] = {"done",       "input",     "unsatisfied", "too_large", "out_of_memory",
                                        "time_limit", "disk_full", "node_lost",   "cancelled", "internal"};

std::string decimal(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6f", value);
  return text;
}

std::vector<std::string> texts(const Json& list) {
  return list.each([](const Json& item) { return item.text(); });
}

std::string spec_text(const AttemptSpec& spec) {
  JsonWriter json;
  const auto text = [&](const std::string& item) { json.text(item); };
  json.open_object();
  json.member("uuid", spec.uuid);
  json.key("files");
  json.open_object();
  for (const auto& [name, sha256] : spec.files) json.member(name, sha256);
  json.close_object();
  json.key("steps");
  json.list(spec.steps, [&](const Step& step) {
    json.open_object();
    json.key("arguments");
    json.list(step.arguments, text);
    json.key("writes");
    json.list(step.writes, text);
    json.close_object();
  });
  json.key("keep");
  json.list(spec.keep, text);
  json.member("memory", spec.memory);
  json.member("cores", spec.cores);
  json.member("limit_s", spec.limit_s);
  json.close_object();
  return json.take();
}

AttemptReport read_report(const std::filesystem::path& path) {
  const Json json = Json::parse(read_text(path, longest_file), path.string(), most_json_values);
  return in_context(path.string(), [&] {
    AttemptReport out;
    out.uuid = json.at("uuid").text();
    out.ending = ending_from(json.at("ending").text());
    out.detail = json.at("detail").text();
    out.outputs = texts(json.at("outputs"));
    out.files = json.at("files").each([](const Json& file) {
      ResultFile made{file.at("path").text(), file.at("sha256").text(), file.at("size").integer<std::uint64_t>()};
      check_inner_path(made.path);
      if (!is_sha256_text(made.sha256)) throw Error(Fault::format, "a digest is 64 hexadecimal digits");
      return made;
    });
    out.peak_bytes = json.at("peak_bytes").integer<std::uint64_t>();
    out.cpu_s = json.at("cpu_s").real();
    return out;
  });
}

std::string report_text(const AttemptReport& report) {
  JsonWriter json;
  json.open_object();
  json.member("uuid", report.uuid);
  json.member("ending", name_of(report.ending));
  json.member("detail", report.detail);
  json.key("outputs");
  json.list(report.outputs, [&](const std::string& item) { json.text(item); });
  json.key("files");
  json.list(report.files, [&](const ResultFile& file) {
    json.open_object();
    json.member("path", file.path);
    json.member("sha256", file.sha256);
    json.member("size", file.size);
    json.close_object();
  });
  json.member("peak_bytes", report.peak_bytes);
  json.key("cpu_s");
  json.raw(decimal(report.cpu_s));
  json.close_object();
  return json.take();
}

bool is_there(const std::filesystem::path& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace

const char* name_of(Ending ending) noexcept { return ending_names[static_cast<std::size_t>(ending)]; }

Ending ending_from(std::string_view name) {
  const auto* const found = std::find(std::begin(ending_names), std::end(ending_names), name);
  if (found == std::end(ending_names)) throw Error(Fault::format, "there is no ending '" + std::string(name) + "'");
  return static_cast<Ending>(found - std::begin(ending_names));
}

AttemptFolder::AttemptFolder(std::filesystem::path recipe, std::string uuid)
    : recipe_(std::move(recipe)), uuid_(std::move(uuid)) {}

AttemptFolder::AttemptFolder(const std::filesystem::path& folder)
    : recipe_(folder.parent_path()), uuid_(folder.filename().string()) {
  if (!is_uuid(uuid_)) throw Error(Fault::usage, "is no folder of an attempt").within(folder.string());
}

void AttemptFolder::write_spec(const AttemptSpec& spec) const {
  std::error_code failed;
  std::filesystem::create_directories(path(), failed);
  if (failed) throw Error(Fault::io, failed.message()).within(path().string());
  write_file_atomically(path() / "spec.json", spec_text(spec), Access::owner);
  sync_folder(recipe_.parent_path());
  sync_folder(recipe_);
  wrote_durably();
}

AttemptSpec AttemptFolder::read_spec() const {
  const std::string file = (path() / "spec.json").string();
  const Json json = Json::parse(read_text(file, longest_file), file, most_json_values);
  return in_context(file, [&] {
    AttemptSpec out;
    out.uuid = json.at("uuid").text();
    for (const auto& [name, sha256] : json.at("files").members()) {
      check_inner_path(name);
      out.files[name] = sha256.text();
    }
    out.steps = json.at("steps").each([](const Json& step) {
      return Step{texts(step.at("arguments")), texts(step.at("writes"))};
    });
    out.keep = texts(json.at("keep"));
    out.memory = json.at("memory").integer<std::uint64_t>();
    out.cores = json.at("cores").integer<unsigned>();
    out.limit_s = json.at("limit_s").integer<std::uint64_t>();
    return out;
  });
}

int AttemptFolder::take_claim() {
  // Locked before it has its name, so that nobody sees a claim that is not held.
  std::string temporary = (path() / "claim.XXXXXX").string();
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    throw Error(Fault::io, std::string("cannot be claimed: ") + std::strerror(errno)).within(path().string());
  const std::string who = std::to_string(::getpid()) + "\n";
  const bool held = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 &&
                    ::write(descriptor, who.data(), who.size()) == static_cast<ssize_t>(who.size());
  const bool first = held && ::link(temporary.c_str(), (path() / "claim").c_str()) == 0;
  const int number = errno;
  ::unlink(temporary.c_str());
  if (!first) ::close(descriptor);
  if (!first && number != EEXIST) {
    throw Error(Fault::io, std::string("cannot be claimed: ") + std::strerror(number)).within(path().string());
  }
  if (first) wrote_durably();
  return first ? descriptor : -1;
}

// The descriptor stays open until the process ends: the kernel gives the lock back then, whatever it died of.
bool AttemptFolder::claim() { return take_claim() >= 0; }

bool AttemptFolder::close() {
  const int descriptor = take_claim();
  if (descriptor >= 0) ::close(descriptor);
  return descriptor >= 0;
}

AttemptFolder::Claim AttemptFolder::claimed() const {
  const int descriptor = ::open((path() / "claim").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Claim::none;
  const bool left = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  ::close(descriptor);
  return left ? Claim::left : Claim::held;
}

void AttemptFolder::cancel() const {
  if (is_there(path() / "cancel")) return;
  std::error_code failed;
  std::filesystem::create_directories(path(), failed);
  write_file_atomically(path() / "cancel", std::string_view(""));
  wrote_durably();
}

bool AttemptFolder::cancelled() const { return is_there(path() / "cancel"); }

void AttemptFolder::write_progress(const AttemptProgress& progress) const {
  JsonWriter json;
  json.open_object();
  json.member("step", progress.step);
  json.member("phase", progress.phase);
  json.key("part");
  json.raw(decimal(progress.part));
  json.close_object();
  // Not brought to the disk: it is worth nothing after a power cut.
  const std::string temporary = (path() / "progress.new").string();
  if (std::FILE* const file = std::fopen(temporary.c_str(), "we")) {
    std::fputs(json.take().c_str(), file);
    if (std::fclose(file) == 0) std::rename(temporary.c_str(), (path() / "progress.json").c_str());
  }
}

std::optional<AttemptProgress> AttemptFolder::progress() const {
  const std::filesystem::path file = path() / "progress.json";
  if (!is_there(file)) return std::nullopt;
  const Json json = Json::parse(read_text(file, longest_file), file.string(), most_json_values);
  return AttemptProgress{json.at("step").integer<std::size_t>(), json.at("phase").text(), json.at("part").real()};
}

bool AttemptFolder::finish(const AttemptReport& report) const {
  const std::filesystem::path own = path() / "report.json", result = recipe_ / "result.json";
  write_file_atomically(own, report_text(report), Access::owner);
  wrote_durably();
  if (report.ending != Ending::done) return false;
  // The first whole result wins and is never replaced: proofs are blinded, so two would differ.
  const bool first = ::link(own.c_str(), result.c_str()) == 0;
  if (!first && errno != EEXIST) {
    throw Error(Fault::io, std::string("cannot be linked: ") + std::strerror(errno)).within(result.string());
  }
  sync_folder(recipe_);
  if (first) wrote_durably();
  return first;
}

std::optional<AttemptReport> AttemptFolder::report() const {
  if (!is_there(path() / "report.json")) return std::nullopt;
  return read_report(path() / "report.json");
}

std::optional<AttemptReport> AttemptFolder::result() const {
  if (!is_there(recipe_ / "result.json")) return std::nullopt;
  return read_report(recipe_ / "result.json");
}

void AttemptFolder::clear_work() const {
  std::error_code ignored;
  std::filesystem::remove_all(work(), ignored);
}

}  // namespace ezkl::service
