// RUN: assay-opt %s --split-input-file --verify-diagnostics

func.func @yield_types(%x: tensor<4xf32>, %e: tensor<8xf32>) {
  %y = kernel.dispatch ins(%a = %x : tensor<4xf32>) outs(%o = %e : tensor<8xf32>) {
    // expected-error @+1 {{must yield one value of the same type for each init of the dispatch}}
    kernel.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @unknown_callee(%x: tensor<4xf32>) {
  // expected-error @+1 {{'missing' is not a function}}
  %y = kernel.call @missing outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @k(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
func.func @operand_type(%x: tensor<4xf64>, %e: tensor<4xf32>) {
  // expected-error @+1 {{operand #0 has type 'tensor<4xf64>', but 'k' takes 'tensor<4xf32>'}}
  %y = kernel.call @k ins(%x : tensor<4xf64>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @k(tensor<4xf32>) -> tensor<4xf32>
func.func @too_many(%x: tensor<4xf32>, %e: tensor<4xf32>) {
  // expected-error @+1 {{passes 2 operands to 'k', which takes 1}}
  %y = kernel.call @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @k(memref<4xf32>, memref<4xf32>)
func.func @mixed_inits(%x: memref<4xf32>, %e: tensor<4xf32>) {
  // expected-error @+1 {{inits must be all tensors or all memrefs}}
  %y = kernel.call @k outs(%x, %e : memref<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}
