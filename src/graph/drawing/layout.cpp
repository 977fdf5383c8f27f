#include "graph/drawing/layout.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace ezkl {
namespace {

constexpr double gap_x = 24, gap_y = 40, margin = 20, passage_width = 8;
constexpr int sweeps = 8;

/// A box, or the passage of a source's edges through a layer.
struct Item {
  std::size_t layer = 0;
  double width = passage_width;
  double x = 0;  ///< centre
  std::vector<std::size_t> up, down;
};

class LayeredDrawing {
 public:
  LayeredDrawing(std::span<const DrawnBox> boxes, std::span<const DrawnEdge> edges) : boxes_(boxes), edges_(edges) {
    items_.resize(boxes.size());
    for (const DrawnEdge& e : edges) items_[e.to].layer = std::max(items_[e.to].layer, items_[e.from].layer + 1);
    for (std::size_t i = 0; i < boxes.size(); ++i) items_[i].width = boxes[i].width;
    for (const DrawnEdge& e : edges) connect(e);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].layer >= layers_.size()) layers_.resize(items_[i].layer + 1);
      layers_[items_[i].layer].push_back(i);
    }
  }

  Layout run() {
    for (auto& layer : layers_) pack(layer);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      const bool order = sweep < sweeps / 2;
      for (std::size_t l = 1; l < layers_.size(); ++l) improve(layers_[l], &Item::up, order);
      for (std::size_t l = layers_.size(); l-- > 1;) improve(layers_[l - 1], &Item::down, order);
    }
    return drawn();
  }

 private:
  void connect(const DrawnEdge& e) {
    std::size_t at = e.from;
    for (std::size_t l = items_[e.from].layer + 1; l < items_[e.to].layer; ++l) {
      const auto [found, fresh] = passages_.try_emplace({e.from, l}, items_.size());
      if (fresh) {
        items_.emplace_back().layer = l;
        join(at, found->second);
      }
      at = found->second;
    }
    join(at, e.to);
  }

  void join(std::size_t above, std::size_t below) {
    items_[above].down.push_back(below);
    items_[below].up.push_back(above);
  }

  void pack(const std::vector<std::size_t>& layer) {
    double x = 0;
    for (const std::size_t i : layer) {
      items_[i].x = x + items_[i].width / 2;
      x += items_[i].width + gap_x;
    }
  }

  double wanted(const Item& item, std::vector<std::size_t> Item::*side) const {
    const auto& others = item.*side;
    if (others.empty()) return item.x;
    double sum = 0;
    for (const std::size_t i : others) sum += items_[i].x;
    return sum / static_cast<double>(others.size());
  }

  /// Brings each item as near to the mean of its neighbours on one side as the others in its layer let it (least sum
  /// of squares for their order, by pooling neighbours that would overlap).
  void improve(std::vector<std::size_t>& layer, std::vector<std::size_t> Item::*side, bool order) {
    std::map<std::size_t, double> goal;
    for (const std::size_t i : layer) goal[i] = wanted(items_[i], side);
    if (order) std::stable_sort(layer.begin(), layer.end(), [&](auto a, auto b) { return goal[a] < goal[b]; });
    struct Pool {
      double sum;
      std::size_t count;
      double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Pool> pools;
    std::vector<double> offset;
    for (std::size_t k = 0; k < layer.size(); ++k) {
      offset.push_back(k == 0 ? 0 : offset[k - 1] + (items_[layer[k - 1]].width + items_[layer[k]].width) / 2 + gap_x);
      pools.push_back({goal[layer[k]] - offset[k], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        pools[pools.size() - 2].sum += pools.back().sum;
        pools[pools.size() - 2].count += pools.back().count;
        pools.pop_back();
      }
    }
    std::size_t k = 0;
    for (const Pool& pool : pools) {
      for (std::size_t n = 0; n < pool.count; ++n, ++k) items_[layer[k]].x = pool.mean() + offset[k];
    }
  }

  Layout drawn() const {
    Layout out;
    double least = 0, most = 0;
    for (const Item& item : items_) {
      least = std::min(least, item.x - item.width / 2);
      most = std::max(most, item.x + item.width / 2);
    }
    std::vector<double> height(layers_.size(), 0), top(layers_.size(), margin);
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      height[items_[i].layer] = std::max(height[items_[i].layer], boxes_[i].height);
    }
    for (std::size_t l = 1; l < layers_.size(); ++l) top[l] = top[l - 1] + height[l - 1] + gap_y;
    out.width = most - least + 2 * margin;
    out.height = layers_.empty() ? 2 * margin : top.back() + height.back() + margin;
    const double shift = margin - least;
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      out.boxes.push_back({items_[i].x - items_[i].width / 2 + shift, top[items_[i].layer]});
    }
    for (const DrawnEdge& e : edges_) {
      auto& way = out.edges.emplace_back();
      way.push_back({items_[e.from].x + shift, out.boxes[e.from].y + boxes_[e.from].height});
      for (std::size_t l = items_[e.from].layer + 1; l < items_[e.to].layer; ++l) {
        const double x = items_[passages_.at({e.from, l})].x + shift;
        way.push_back({x, top[l]});
        way.push_back({x, top[l] + height[l]});
      }
      way.push_back({items_[e.to].x + shift, out.boxes[e.to].y});
    }
    return out;
  }

  std::span<const DrawnBox> boxes_;
  std::span<const DrawnEdge> edges_;
  std::vector<Item> items_;
  std::map<std::pair<std::uint32_t, std::size_t>, std::size_t> passages_;
  std::vector<std::vector<std::size_t>> layers_;
};

}  // namespace

Layout layered_layout(std::span<const DrawnBox> boxes, std::span<const DrawnEdge> edges) {
  return LayeredDrawing(boxes, edges).run();
}

}  // namespace ezkl
