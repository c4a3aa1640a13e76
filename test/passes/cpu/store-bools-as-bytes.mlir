// RUN: assay-opt %s --store-bools-as-bytes | FileCheck %s

// CHECK-LABEL: func.func private @kernel_1
// CHECK-SAME: (%[[X:.*]]: memref<4xi8>, %[[Y:.*]]: memref<4xi8>)
// CHECK: %[[V:.*]] = memref.load %[[X]]
// CHECK: %[[B:.*]] = arith.cmpi ne, %[[V]], %{{.*}} : i8
// CHECK: %[[W:.*]] = arith.extui %[[B]] : i1 to i8
// CHECK: memref.store %[[W]], %[[Y]]
func.func private @kernel_1(%x: memref<4xi1>, %y: memref<4xi1>) attributes {kernel.entry} {
  %c0 = arith.constant 0 : index
  %0 = memref.load %x[%c0] : memref<4xi1>
  memref.store %0, %y[%c0] : memref<4xi1>
  return
}
