// RUN: assay-opt %s --wrap-kernel-abi=vector-bits=256 | FileCheck %s
// RUN: not assay-opt %S/Inputs/no-count.mlir --wrap-kernel-abi 2>&1 | FileCheck %s --check-prefix=ERROR

// ERROR: no-count.mlir:1:1: error: kernel has no companion 'kernel_1.count'

// CHECK-LABEL: func.func private @kernel_1.body(
// CHECK-SAME: %[[P:.*]]: !llvm.ptr {llvm.noalias, llvm.noundef}, %[[D:.*]]: i64, %{{.*}}: f16, %{{.*}}: index, %{{.*}}: index) -> i32
// CHECK-SAME: passthrough = {{\[}}["prefer-vector-width", "256"]]
// CHECK: llvm.insertvalue %[[P]], %{{.*}}[0]
// CHECK: llvm.insertvalue %[[D]], %{{.*}}[3, 0]
// CHECK: builtin.unrealized_conversion_cast %{{.*}} to memref<?x4xf32>
// CHECK: return %c0_i32

// Two words for the buffer and its dynamic dimension, one for the scalar.
// CHECK-LABEL: func.func @kernel_1(
// CHECK-SAME: %[[W:.*]]: !llvm.ptr, %[[LO:.*]]: i64, %[[HI:.*]]: i64) -> i32
// CHECK: %[[A0:.*]] = llvm.getelementptr %[[W]][0]
// CHECK: %[[X:.*]] = llvm.load %[[A0]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[A1:.*]] = llvm.getelementptr %[[W]][1]
// CHECK: %[[N:.*]] = llvm.load %[[A1]] : !llvm.ptr -> i64
// CHECK: %[[A2:.*]] = llvm.getelementptr %[[W]][2]
// CHECK: %[[B:.*]] = llvm.load %[[A2]] : !llvm.ptr -> i64
// CHECK: %[[T:.*]] = arith.trunci %[[B]] : i64 to i16
// CHECK: %[[S:.*]] = arith.bitcast %[[T]] : i16 to f16
// CHECK: %[[STATUS:.*]] = call @kernel_1.body(%[[X]], %[[N]], %[[S]],
// CHECK: return %[[STATUS]]
func.func private @kernel_1(%x: memref<?x4xf32>, %s: f16, %lo: index, %hi: index) attributes {kernel.entry} {
  return
}

// CHECK-LABEL: func.func @kernel_1.count(
// CHECK-SAME: !llvm.ptr) -> i64
// CHECK: %[[U:.*]] = call @kernel_1.count.body
// CHECK: %[[R:.*]] = arith.index_cast %[[U]] : index to i64
// CHECK: return %[[R]]
func.func private @kernel_1.count(%x: memref<?x4xf32>, %s: f16) -> index {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  return %n : index
}
