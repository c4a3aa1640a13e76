// RUN: assay-opt %s --form-dispatches --split-input-file | FileCheck %s

#row = affine_map<(d0, d1) -> (d0)>
#id = affine_map<(d0, d1) -> (d0, d1)>

// A row-wise chain is one dispatch: fills and empty tensors are cloned into it,
// the result is written to the init.
// CHECK-LABEL: func.func @softmax
// CHECK-SAME: (%[[X:.*]]: tensor<8x16xf32>)
// CHECK-NEXT: %[[E:.*]] = tensor.empty() : tensor<8x16xf32>
// CHECK-NEXT: %[[Y:.*]] = kernel.dispatch ins(%[[A:.*]] = %[[X]] : tensor<8x16xf32>) outs(%[[O:.*]] = %[[E]] : tensor<8x16xf32>)
// CHECK: linalg.fill
// CHECK: linalg.generic {{.*}} ["parallel", "reduction"]
// CHECK: linalg.generic
// CHECK: linalg.generic {{.*}} ["parallel", "reduction"]
// CHECK: %[[R:.*]] = linalg.generic {{.*}} ["parallel", "parallel"]
// CHECK-SAME: outs(%[[O]] :
// CHECK: kernel.yield %[[R]]
// CHECK: return %[[Y]]
func.func @softmax(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %e0 = tensor.empty() : tensor<8xf32>
  %f0 = linalg.fill ins(%lowest : f32) outs(%e0 : tensor<8xf32>) -> tensor<8xf32>
  %max = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x16xf32>) outs(%f0 : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.maximumf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<8xf32>
  %e1 = tensor.empty() : tensor<8x16xf32>
  %exp = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %max : tensor<8x16xf32>, tensor<8xf32>) outs(%e1 : tensor<8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.subf %a, %b : f32
    %e = math.exp %d : f32
    linalg.yield %e : f32
  } -> tensor<8x16xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<8xf32>) -> tensor<8xf32>
  %sum = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%exp : tensor<8x16xf32>) outs(%f1 : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.addf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%exp, %sum : tensor<8x16xf32>, tensor<8xf32>) outs(%e1 : tensor<8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.divf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#col = affine_map<(d0, d1) -> (d1)>

// The only reader of a contraction joins it; the residual that a second op
// reads too does not.
// CHECK-LABEL: func.func @epilogue
// CHECK: kernel.dispatch
// CHECK: linalg.matmul
// CHECK-NEXT: linalg.generic
// CHECK: arith.addf
// CHECK: kernel.yield
// CHECK-NOT: linalg.generic
// CHECK: kernel.dispatch
// CHECK: linalg.matmul
// CHECK-NEXT: kernel.yield
func.func @epilogue(%a: tensor<8x4xf32>, %b: tensor<4x16xf32>, %bias: tensor<16xf32>,
                    %c: tensor<16x4xf32>) -> (tensor<8x16xf32>, tensor<8x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x16xf32>) -> tensor<8x16xf32>
  %m = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x16xf32>)
      outs(%f : tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m, %bias : tensor<8x16xf32>, tensor<16xf32>) outs(%e : tensor<8x16xf32>) {
  ^bb0(%p: f32, %q: f32, %r: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<8x16xf32>
  %e1 = tensor.empty() : tensor<8x4xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<8x4xf32>) -> tensor<8x4xf32>
  %z = linalg.matmul ins(%y, %c : tensor<8x16xf32>, tensor<16x4xf32>)
      outs(%f1 : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y, %z : tensor<8x16xf32>, tensor<8x4xf32>
}

// -----

// Insertions into one tensor are one dispatch; sizes stay in the host program.
// CHECK-LABEL: func.func @concat
// CHECK-SAME: (%[[A:.*]]: tensor<?x2xf32>, %[[B:.*]]: tensor<?x3xf32>, %[[N:.*]]: index)
// CHECK-NEXT: %[[E:.*]] = tensor.empty(%[[N]]) : tensor<?x5xf32>
// CHECK-NEXT: kernel.dispatch ins(%[[P:.*]] = %[[A]] : tensor<?x2xf32>, %[[I:.*]] = %[[N]] : index, %[[Q:.*]] = %[[B]] : tensor<?x3xf32>) outs(%[[O:.*]] = %[[E]] : tensor<?x5xf32>)
// CHECK-NEXT: %[[R:.*]] = tensor.insert_slice %[[P]] into %[[O]]
// CHECK-NEXT: %[[S:.*]] = tensor.insert_slice %[[Q]] into %[[R]]
// CHECK-NEXT: kernel.yield %[[S]]
func.func @concat(%a: tensor<?x2xf32>, %b: tensor<?x3xf32>, %n: index) -> tensor<?x5xf32> {
  %e = tensor.empty(%n) : tensor<?x5xf32>
  %0 = tensor.insert_slice %a into %e[0, 0] [%n, 2] [1, 1] : tensor<?x2xf32> into tensor<?x5xf32>
  %1 = tensor.insert_slice %b into %0[0, 2] [%n, 3] [1, 1] : tensor<?x3xf32> into tensor<?x5xf32>
  return %1 : tensor<?x5xf32>
}

// -----

// A slice alone is a copy; a filled tensor that leaves is a dispatch too.
// CHECK-LABEL: func.func @slice_and_fill
// CHECK: kernel.dispatch ins(%[[A:.*]] = %{{.*}} : tensor<8xf32>) outs(%[[O:.*]] = %{{.*}} : tensor<4xf32>)
// CHECK-NEXT: %[[S:.*]] = tensor.extract_slice %[[A]][2] [4] [1]
// CHECK-NEXT: %[[C:.*]] = linalg.copy ins(%[[S]] : tensor<4xf32>) outs(%[[O]] : tensor<4xf32>)
// CHECK-NEXT: kernel.yield %[[C]]
// CHECK: kernel.dispatch outs(%[[P:.*]] = %{{.*}} : tensor<4xf32>)
// CHECK: %[[F:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[P]] : tensor<4xf32>)
// CHECK-NEXT: kernel.yield %[[F]]
func.func @slice_and_fill(%x: tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = tensor.extract_slice %x[2] [4] [1] : tensor<8xf32> to tensor<4xf32>
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %f = linalg.fill ins(%one : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %s, %f : tensor<4xf32>, tensor<4xf32>
}

// -----

#id = affine_map<(d0) -> (d0)>

// The body of a host loop is grouped; the loop stays. A loop over elements is a
// dispatch by itself.
// CHECK-LABEL: func.func @loops
// CHECK: scf.for
// CHECK: kernel.dispatch
// CHECK: linalg.generic
// CHECK: scf.yield
// CHECK: kernel.dispatch ins({{.*}}) outs(%[[O:.*]] = %{{.*}} : tensor<4xf32>)
// CHECK-NOT: tensor.empty
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[O]])
// CHECK: tensor.insert
func.func @loops(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %e = tensor.empty() : tensor<4xf32>
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %x) -> tensor<4xf32> {
    %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%acc : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %2 = math.tanh %a : f32
      linalg.yield %2 : f32
    } -> tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  }
  %r = scf.for %i = %c0 to %c4 step %c1 iter_args(%acc = %e) -> tensor<4xf32> {
    %v = tensor.extract %0[%i] : tensor<4xf32>
    %j = arith.subi %n, %i : index
    %w = tensor.insert %v into %acc[%j] : tensor<4xf32>
    scf.yield %w : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

// CHECK-LABEL: @product_of_fill
// CHECK: %[[FILL:.*]] = kernel.dispatch
// CHECK: linalg.fill
// CHECK: kernel.dispatch ins(%{{.*}} = %[[FILL]] : tensor<3x6xf32>, %{{.*}} = %{{.*}} : tensor<12x6xf32>)
func.func @product_of_fill(%w: tensor<12x6xf32>) -> tensor<3x12xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x6xf32>
  %h = linalg.fill ins(%zero : f32) outs(%e : tensor<3x6xf32>) -> tensor<3x6xf32>
  %o = tensor.empty() : tensor<3x12xf32>
  %y = kernel.matmul transposed ins(%h, %w : tensor<3x6xf32>, tensor<12x6xf32>) outs(%o : tensor<3x12xf32>)
  return %y : tensor<3x12xf32>
}

// -----

// The bias joins the kernel of the product, so its slice is made outside.

// CHECK-LABEL: @sliced_bias
// CHECK: %[[BIAS:.*]] = kernel.dispatch
// CHECK: tensor.extract_slice
// CHECK: kernel.dispatch ins({{.*}}%[[BIAS]] : tensor<12xf32>)
// CHECK: kernel.matmul
func.func @sliced_bias(%x: tensor<3x6xf32>, %w: tensor<12x6xf32>, %b: tensor<24xf32>) -> tensor<3x12xf32> {
  %o = tensor.empty() : tensor<3x12xf32>
  %y = kernel.matmul transposed ins(%x, %w : tensor<3x6xf32>, tensor<12x6xf32>) outs(%o : tensor<3x12xf32>)
  %s = tensor.extract_slice %b[0] [12] [1] : tensor<24xf32> to tensor<12xf32>
  %e = tensor.empty() : tensor<3x12xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%y, %s : tensor<3x12xf32>, tensor<12xf32>) outs(%e : tensor<3x12xf32>) {
  ^bb0(%a: f32, %c: f32, %out: f32):
    %sum = arith.addf %a, %c : f32
    linalg.yield %sum : f32
  } -> tensor<3x12xf32>
  return %z : tensor<3x12xf32>
}

// -----

// A slice goes into the tensor that a loop carries without a copy of the rest.
// CHECK-LABEL: func.func @carried
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[ACC:.*]] = %{{.*}})
// CHECK-NEXT: kernel.dispatch ins(%[[X:.*]] = %{{.*}} : tensor<1x4xf32>, %[[J:.*]] = %[[I]] : index) outs(%[[O:.*]] = %[[ACC]] : tensor<8x4xf32>)
// CHECK-SAME: attributes {kernel.updates}
// CHECK-NEXT: %[[S:.*]] = tensor.insert_slice %[[X]] into %[[O]][%[[J]], 0]
// CHECK-NEXT: kernel.yield %[[S]]
func.func @carried(%x: tensor<1x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %r = scf.for %i = %c0 to %c8 step %c1 iter_args(%acc = %init) -> tensor<8x4xf32> {
    %0 = tensor.insert_slice %x into %acc[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<8x4xf32>
    scf.yield %0 : tensor<8x4xf32>
  }
  return %r : tensor<8x4xf32>
}
