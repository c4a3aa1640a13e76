// RUN: assay-opt %s --pack-weights | FileCheck %s

// CHECK: memref.global {{.*}} @a : memref<3xf32> = {{.*}} {assay.offset = 0 : i64}
memref.global "private" constant @a : memref<3xf32> = dense<[1.0, 2.0, 3.0]>
// CHECK: memref.global {{.*}} @b : memref<2x2xi8> = {{.*}} {assay.offset = 64 : i64}
memref.global "private" constant @b : memref<2x2xi8> = dense<[[1, 2], [3, 4]]>
// Equal bytes share an offset, whatever their shape.
// CHECK: memref.global {{.*}} @c : memref<4xi8> = {{.*}} {assay.offset = 64 : i64}
memref.global "private" constant @c : memref<4xi8> = dense<[1, 2, 3, 4]>
// Booleans take a byte each, splats all their elements.
// CHECK: memref.global {{.*}} @d : memref<70xi1> = {{.*}} {assay.offset = 128 : i64}
memref.global "private" constant @d : memref<70xi1> = dense<true>
// CHECK: memref.global {{.*}} @e : memref<i64> = {{.*}} {assay.offset = 256 : i64}
memref.global "private" constant @e : memref<i64> = dense<7>

// CHECK: func.func @main(%{{.*}}: memref<4xi8>, %[[W:.*]]: memref<264xi8> {assay.weights})
func.func @main(%x: memref<4xi8>) -> (memref<4xi8>, memref<i64>) {
  // CHECK: %[[O:.*]] = arith.constant 64 : index
  // CHECK: memref.view %[[W]][%[[O]]][] : memref<264xi8> to memref<4xi8>
  %c = memref.get_global @c : memref<4xi8>
  // CHECK: %[[P:.*]] = arith.constant 256 : index
  // CHECK: memref.view %[[W]][%[[P]]][] : memref<264xi8> to memref<i64>
  %e = memref.get_global @e : memref<i64>
  return %c, %e : memref<4xi8>, memref<i64>
}
