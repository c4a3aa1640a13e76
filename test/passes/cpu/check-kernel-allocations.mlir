// RUN: assay-opt %s --check-kernel-allocations | FileCheck %s

llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @free(!llvm.ptr)
llvm.func @use(!llvm.ptr)

// The second failure frees what is held: the first buffer, not the one of the
// loop before, which is free again.
// CHECK-LABEL: llvm.func @two(
llvm.func @two(%n: i64, %c: i1) -> i32 {
  // CHECK: %[[A:.*]] = llvm.call @malloc(%[[N:.*]]) : (i64) -> !llvm.ptr
  // CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
  // CHECK: %[[FAILED:.*]] = llvm.icmp "eq" %[[A]], %[[NULL]]
  // CHECK: llvm.cond_br %[[FAILED]], ^[[FIRST:.*]], ^
  %zero = llvm.mlir.constant(0 : i32) : i32
  %poison = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i64)>
  %a = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
  %d0 = llvm.insertvalue %a, %poison[0] : !llvm.struct<(ptr, ptr, i64)>
  %d1 = llvm.insertvalue %a, %d0[1] : !llvm.struct<(ptr, ptr, i64)>
  llvm.br ^loop
^loop:
  // CHECK: %[[B:.*]] = llvm.call @malloc
  // CHECK: llvm.cond_br %{{.*}}, ^[[SECOND:.*]], ^
  %b = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
  llvm.call @use(%b) : (!llvm.ptr) -> ()
  llvm.call @free(%b) : (!llvm.ptr) -> ()
  llvm.cond_br %c, ^loop, ^done
^done:
  // CHECK: %[[C:.*]] = llvm.call @malloc
  // CHECK: llvm.cond_br %{{.*}}, ^[[THIRD:.*]], ^
  %e = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
  llvm.call @free(%e) : (!llvm.ptr) -> ()
  %p = llvm.extractvalue %d1[0] : !llvm.struct<(ptr, ptr, i64)>
  llvm.call @free(%p) : (!llvm.ptr) -> ()
  llvm.return %zero : i32
  // CHECK: ^[[FIRST]]:
  // CHECK-NEXT: %[[ONE:.*]] = llvm.mlir.constant(1 : i32)
  // CHECK-NEXT: llvm.return %[[ONE]]
  // CHECK: ^[[SECOND]]:
  // CHECK-NEXT: llvm.call @free(%[[A]])
  // CHECK-NEXT: llvm.mlir.constant
  // CHECK-NEXT: llvm.return
  // CHECK: ^[[THIRD]]:
  // CHECK-NEXT: llvm.call @free(%[[A]])
  // CHECK-NEXT: llvm.mlir.constant
  // CHECK-NEXT: llvm.return
}
