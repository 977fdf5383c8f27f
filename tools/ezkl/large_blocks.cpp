// Where the program's large vectors lie: in one range of addresses for which huge pages are asked.
//
// A prover fills hundreds of megabytes and drops them again. In pages of 4 KiB the first touch of a page costs about as
// much as a step of the proof over it; in pages of 2 MiB it costs little, and nothing where a page is used again. The
// allocator of the C library asks for huge pages only when its environment says so.
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>

namespace {

constexpr std::size_t unit = std::size_t{1} << 17;
constexpr std::size_t page = std::size_t{1} << 21, page_units = page / unit;
constexpr std::size_t units = std::size_t{1} << 20, pages = units / page_units;  // of addresses, not of memory
constexpr std::size_t least_bytes = std::size_t{1} << 19;

/// First fit in a range that is reserved at the first use. Everything is static: constructors of other files may
/// allocate before those of this one run, and memory is freed until the very end.
class LargeBlocks {
 public:
  /// Null when no range could be had, or it is full.
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (base_ == nullptr && !reserve()) return nullptr;
    const std::size_t count = (bytes + unit - 1) / unit;
    // Small blocks should not straddle two pages, nor large ones share pages with others.
    std::size_t alignment = 1;
    while (alignment < count && alignment < page_units) alignment *= 2;
    for (std::size_t at = 0; at + count <= units;) {
      std::size_t free = 0;
      while (free < count && !used_[at + free]) ++free;
      if (free == count) {
        occupy(at, count);
        return base_ + at * unit;
      }
      at = (at + free) / alignment * alignment + alignment;
    }
    return nullptr;
  }

  /// Whether the block was one of these.
  bool give_back(void* block) {
    // No lock is needed to see whose block it is: a block of this range was handed out after base_ was set.
    char* const base = base_;
    const auto offset = reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(base);
    if (base == nullptr || offset >= units * unit) return false;
    const std::lock_guard lock(mutex_);
    const std::size_t at = offset / unit;
    for (std::size_t i = at; i < at + length_[at]; ++i) {
      used_.reset(i);
      if (--page_used_[i / page_units] == 0) ++idle_pages_;
    }
    used_units_ -= length_[at];
    // Pages wait for the next block while they are few: to get one from the system again means to have it cleared.
    constexpr std::size_t least_idle = 4;
    if (idle_pages_ > std::max(least_idle, used_units_ / page_units / 8)) release_idle(base);
    return true;
  }

 private:
  bool reserve() {
    if (refused_) return false;
    void* const range = ::mmap(nullptr, units * unit + page, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    refused_ = range == MAP_FAILED;
    if (refused_) return false;
    const auto address = reinterpret_cast<std::uintptr_t>(range);
    char* const base = static_cast<char*>(range) + (page - address % page) % page;
    ::madvise(base, units * unit, MADV_HUGEPAGE);
    base_ = base;
    return true;
  }

  void occupy(std::size_t at, std::size_t count) {
    length_[at] = static_cast<std::uint32_t>(count);
    used_units_ += count;
    for (std::size_t i = at; i < at + count; ++i) {
      used_.set(i);
      const std::size_t p = i / page_units;
      if (page_used_[p]++ == 0 && touched_[p]) --idle_pages_;
      touched_.set(p);
      top_page_ = std::max(top_page_, p);
    }
  }

  void release_idle(char* base) {
    const auto idle = [this](std::size_t p) { return touched_[p] && page_used_[p] == 0; };
    for (std::size_t p = 0; p <= top_page_; ++p) {
      std::size_t end = p;
      for (; end <= top_page_ && idle(end); ++end) touched_.reset(end);
      if (end > p) ::madvise(base + p * page, (end - p) * page, MADV_DONTNEED);
      p = std::max(p, end);
    }
    idle_pages_ = 0;
  }

  std::mutex mutex_;
  std::atomic<char*> base_ = nullptr;
  bool refused_ = false;
  std::bitset<units> used_;
  std::uint32_t length_[units] = {};    ///< of the block that begins there, in units
  std::uint8_t page_used_[pages] = {};  ///< units in use
  std::bitset<pages> touched_;          ///< pages that were handed out and not released since
  std::size_t idle_pages_ = 0;          ///< touched and not in use
  std::size_t used_units_ = 0, top_page_ = 0;
};

constinit LargeBlocks large_blocks;

}  // namespace

void* operator new(std::size_t bytes) {
  for (;;) {
    void* out = bytes >= least_bytes ? large_blocks.take(bytes) : nullptr;
    if (out == nullptr) out = std::malloc(std::max<std::size_t>(bytes, 1));
    if (out != nullptr) return out;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* block) noexcept {
  if (block != nullptr && !large_blocks.give_back(block)) std::free(block);
}

void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
