//===- OnnxInterfaces.td - What every onnx op answers -----*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ONNXINTERFACES_TD
#define ASSAY_DIALECTS_ONNX_ONNXINTERFACES_TD

include "mlir/IR/OpBase.td"

def OnnxOpInterface : OpInterface<"OnnxOp"> {
  let cppNamespace = "::assay::onnx";
  let description = [{
    Implemented by every op of the onnx dialect. Import, export, the reference
    interpreter and the text forms work through it, without per-op code.
  }];
  let methods = [
    StaticInterfaceMethod<"First opset version that has the operator in this form.",
      "int64_t", "getSinceVersion">,
    StaticInterfaceMethod<"Element type variables, such as \"T,T,T?->T\".",
      "::llvm::StringRef", "getSignature">,
    StaticInterfaceMethod<"Comma-separated names of the attributes without a default.",
      "::llvm::StringRef", "getRequiredAttributes">,
    InterfaceMethod<"Operator name of the specification, such as \"Conv\".",
      "::llvm::StringRef", "getOnnxName", (ins), [{}], [{
        return $_op->getName().stripDialect();
      }]>,
    InterfaceMethod<[{
      Inputs by position of the specification; an absent optional input is a null
      Value, variadic inputs are expanded at the end.
    }], "::llvm::SmallVector<::mlir::Value>", "getOnnxInputs", (ins), [{}], [{
        return ::assay::onnx::detail::getOnnxInputs($_op);
      }]>,
    InterfaceMethod<[{
      Computes the result types from the operand types, attributes and constant
      operands. Dimensions that are not known statically are dynamic; a result of
      unknown rank is unranked. Emits an error on the op and fails when the inputs
      break the operator specification. Never looks at the present result types,
      except for the number of results.
    }], "::llvm::LogicalResult", "inferResultTypes",
      (ins "::llvm::SmallVectorImpl<::mlir::Type> &":$types)>,
    InterfaceMethod<[{
      Checks the constraints of the op's definition alone: those of attributes,
      operands and results, one by one.
    }], "::llvm::LogicalResult", "verifyDefinition", (ins), [{
        return $_op.verifyInvariantsImpl();
      }]>,
  ];
  let verify = [{ return ::assay::onnx::detail::verifyOnnxOp($_op); }];
}

#endif // ASSAY_DIALECTS_ONNX_ONNXINTERFACES_TD
