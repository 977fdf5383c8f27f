#include <map>
#include <utility>

#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {

const KernelEntry* find_kernel(std::string_view domain, std::string_view op_type) {
  static const auto table = [] {
    std::map<std::pair<std::string_view, std::string_view>, const KernelEntry*> all;
    for (const auto family :
         {activation_kernels,  attention_kernels, constant_kernels,      control_kernels,  convolution_kernels,
          elementwise_kernels, gather_kernels,    linear_kernels,        logic_kernels,    loss_kernels,
          ml_kernels,          movement_kernels,  normalization_kernels, pooling_kernels,  quantized_kernels,
          recurrent_kernels,   reduction_kernels, resize_kernels,        sampling_kernels, scatter_kernels,
          signal_kernels,      sorting_kernels,   svm_kernels,           tree_kernels,     microsoft_kernels}) {
      for (const KernelEntry& entry : family()) all[{entry.domain, entry.op_type}] = &entry;
    }
    return all;
  }();
  const auto found = table.find({domain, op_type});
  return found != table.end() ? found->second : nullptr;
}

}  // namespace ezkl::floatrun
