// RUN: assay-opt %s --outline-kernels | FileCheck %s

// Equal bodies are one kernel, whatever their names and locations.
// CHECK-LABEL: func.func @main
// CHECK: %[[E:.*]] = tensor.empty
// CHECK-NEXT: %[[A:.*]] = kernel.call @[[K:kernel_[0-9a-f]+]] ins(%{{.*}} : tensor<4xf32>) outs(%[[E]] : tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %[[B:.*]] = kernel.call @[[K]] ins(%[[A]] : tensor<4xf32>) outs(%[[E]] : tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %[[C:.*]] = kernel.call @[[L:kernel_[0-9a-f]+]] ins(%[[B]] : tensor<4xf32>)
// CHECK-NEXT: return %[[C]]
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = kernel.dispatch ins(%a = %x : tensor<4xf32>) outs(%o = %e : tensor<4xf32>) {
    %r = linalg.exp {name = "first"} ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    kernel.yield %r : tensor<4xf32>
  }
  %1 = kernel.dispatch ins(%p = %0 : tensor<4xf32>) outs(%q = %e : tensor<4xf32>) {
    %r = linalg.exp {name = "second"} ins(%p : tensor<4xf32>) outs(%q : tensor<4xf32>) -> tensor<4xf32>
    kernel.yield %r : tensor<4xf32>
  }
  %2 = kernel.dispatch ins(%p = %1 : tensor<4xf32>) outs(%q = %e : tensor<4xf32>) {
    %r = linalg.tanh ins(%p : tensor<4xf32>) outs(%q : tensor<4xf32>) -> tensor<4xf32>
    kernel.yield %r : tensor<4xf32>
  }
  return %2 : tensor<4xf32>
}
// CHECK: func.func private @[[K]](%[[X:.*]]: tensor<4xf32>, %[[O:.*]]: tensor<4xf32>) -> tensor<4xf32> attributes {kernel.entry} {
// CHECK-NEXT: %[[R:.*]] = linalg.exp ins(%[[X]] : tensor<4xf32>) outs(%[[O]] : tensor<4xf32>)
// CHECK-NEXT: return %[[R]]
// CHECK: func.func private @[[L]]
// CHECK-NEXT: linalg.tanh
// CHECK-NOT: func.func
