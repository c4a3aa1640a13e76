// RUN: assay-opt %s --lower-kernel-math | FileCheck %s

// CHECK: func.func private @atanf(f32) -> f32
// CHECK-LABEL: func.func @functions
// CHECK-NOT: math.exp
// CHECK: math.fma
// CHECK: call @atanf
func.func @functions(%x: f32) -> (f32, f32) {
  %0 = math.exp %x : f32
  %1 = math.atan %x : f32
  return %0, %1 : f32, f32
}

// CHECK-LABEL: func.func @log_of_denormal
// CHECK: %[[SMALL:.*]] = arith.cmpf olt, %[[X:.*]], %{{.*}} : f32
// CHECK: %[[SCALED:.*]] = arith.mulf %[[X]]
// CHECK: arith.select %[[SMALL]], %[[SCALED]], %[[X]]
// CHECK: math.fma
// CHECK: %[[MOVED:.*]] = arith.subf
// CHECK: %[[R:.*]] = arith.select %[[SMALL]], %[[MOVED]]
// CHECK: return %[[R]]
func.func @log_of_denormal(%x: f32) -> f32 {
  %0 = math.log %x : f32
  return %0 : f32
}

// CHECK-LABEL: func.func @narrow
// CHECK: %[[A:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK: %[[S:.*]] = arith.addf %[[A]], %{{.*}} : f32
// CHECK: arith.truncf %[[S]] : f32 to f16
func.func @narrow(%x: f16, %y: f16) -> f16 {
  %0 = arith.addf %x, %y : f16
  return %0 : f16
}

// CHECK-LABEL: func.func @double_to_half
// CHECK: %[[F:.*]] = arith.truncf %{{.*}} : f64 to f32
// CHECK: arith.truncf %[[F]] : f32 to f16
func.func @double_to_half(%x: f64) -> f16 {
  %0 = arith.truncf %x : f64 to f16
  return %0 : f16
}
