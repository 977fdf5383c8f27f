#include "field/fq6.hpp"

namespace ezkl {

Fq6 operator*(const Fq6& a, const Fq6& b) {
  const Fq2 t0 = a.c0 * b.c0, t1 = a.c1 * b.c1, t2 = a.c2 * b.c2;
  const Fq2 s12 = (a.c1 + a.c2) * (b.c1 + b.c2) - t1 - t2;
  const Fq2 s01 = (a.c0 + a.c1) * (b.c0 + b.c1) - t0 - t1;
  const Fq2 s02 = (a.c0 + a.c2) * (b.c0 + b.c2) - t0 - t2;
  return {t0 + s12.mul_xi(), s01 + t2.mul_xi(), s02 + t1};
}

Fq6 Fq6::mul_by_01(const Fq2& b0, const Fq2& b1) const {
  const Fq2 t0 = c0 * b0, t1 = c1 * b1;
  return {t0 + (c2 * b1).mul_xi(), (c0 + c1) * (b0 + b1) - t0 - t1, c2 * b0 + t1};
}

Fq6 Fq6::inverse() const {
  const Fq2 t0 = c0.square() - (c1 * c2).mul_xi();
  const Fq2 t1 = c2.square().mul_xi() - c0 * c1;
  const Fq2 t2 = c1.square() - c0 * c2;
  const Fq2 scale = (c0 * t0 + (c2 * t1 + c1 * t2).mul_xi()).inverse();
  return {t0 * scale, t1 * scale, t2 * scale};
}

}  // namespace ezkl
