#include "ezkl/error.hpp"

namespace ezkl {

const char* name_of(Fault fault) noexcept {
  switch (fault) {
    case Fault::cancelled:
      return "cancelled";
    case Fault::usage:
      return "usage";
    case Fault::io:
      return "io";
    case Fault::format:
      return "format";
    case Fault::unsupported:
      return "unsupported";
    case Fault::range:
      return "range";
    case Fault::unsatisfied:
      return "unsatisfied";
    case Fault::out_of_memory:
      return "out_of_memory";
    case Fault::disk_full:
      return "disk_full";
    case Fault::limit:
      return "limit";
    case Fault::internal:
      break;
  }
  return "internal";
}

std::string with_hints(const std::string& text, const std::vector<Hint>& hints, const Spelling& spelling) {
  std::string out = text;
  bool first = true;
  for (const Hint& hint : hints) {
    const std::string& advice = hint.advice;
    const bool goes_on = advice.starts_with("and ") || advice.starts_with("or ") || advice.starts_with("with ");
    out += goes_on && !first ? " " : "; ";
    first = false;
    const std::size_t place = advice.find("{}");
    out += advice.substr(0, place);
    if (place != std::string::npos) out += spelling(hint.parameter) + advice.substr(place + 2);
  }
  return out;
}

struct Error::Parts {
  Fault fault;
  std::string text;
  std::vector<Hint> hints;
  std::vector<std::string> frames;

  std::string said() const {
    std::string out;
    for (const std::string& frame : frames) out += frame + ": ";
    return out + text;
  }
  std::string message(const Spelling& spelling) const { return with_hints(said(), hints, spelling); }
  std::string plain() const {
    return message([](std::string_view parameter) { return std::string(parameter); });
  }
};

Error::Error(Fault fault, const std::string& text, std::vector<Hint> hints)
    : Error(std::make_shared<const Parts>(Parts{fault, text, std::move(hints), {}})) {}

Error::Error(std::shared_ptr<const Parts> parts) : std::runtime_error(parts->plain()), parts_(std::move(parts)) {}

Fault Error::fault() const noexcept { return parts_->fault; }
const std::string& Error::text() const noexcept { return parts_->text; }
const std::vector<std::string>& Error::frames() const noexcept { return parts_->frames; }
const std::vector<Hint>& Error::hints() const noexcept { return parts_->hints; }
std::string Error::said() const { return parts_->said(); }
std::string Error::message(const Spelling& spelling) const { return parts_->message(spelling); }

Error Error::within(std::string_view where) const {
  Parts parts = *parts_;
  parts.frames.emplace(parts.frames.begin(), where);
  return Error(std::make_shared<const Parts>(std::move(parts)));
}

Error Error::as(Fault fault) const {
  Parts parts = *parts_;
  parts.fault = fault;
  return Error(std::make_shared<const Parts>(std::move(parts)));
}

Error Error::with(Hint hint) const {
  Parts parts = *parts_;
  parts.hints.push_back(std::move(hint));
  return Error(std::make_shared<const Parts>(std::move(parts)));
}

}  // namespace ezkl
