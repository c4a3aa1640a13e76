//===- OnnxBase.td - Dialect, types and op base class -----*- tablegen -*-===//
//
// The onnx dialect has one op per ONNX operator, at the operator's newest form.
// Operand order, attribute names and defaults are those of the specification,
// so import and export need no per-operator tables.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_ONNX_ONNXBASE_TD
#define ASSAY_DIALECTS_ONNX_ONNXBASE_TD

include "dialects/onnx/OnnxInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Onnx_Dialect : Dialect {
  let name = "onnx";
  let cppNamespace = "::assay::onnx";
  let summary = "ONNX operators at their newest form";
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    // One function per family file; each adds its ops to the dialect.
    void registerActivationOps();
    void registerContractionOps();
    void registerConvolutionOps();
    void registerCreationOps();
    void registerElementwiseOps();
    void registerMovementOps();
    void registerNormalizationOps();
    void registerPoolingOps();
    void registerQuantizationOps();
    void registerRecurrentOps();
    void registerReductionOps();
    void registerResamplingOps();
  }];
}

//===----------------------------------------------------------------------===//
// Element types. Signed integers are signless (i8..i64), unsigned ones are
// ui8..ui64, bool is i1.
//===----------------------------------------------------------------------===//

def Onnx_StringType : TypeDef<Onnx_Dialect, "String"> {
  let mnemonic = "string";
  let summary = "Element type of string tensors";
}

def Onnx_String : DialectType<Onnx_Dialect,
    CPred<"::llvm::isa<::assay::onnx::StringType>($_self)">, "string">;
def Complex64 : Complex<F32>;
def Complex128 : Complex<F64>;

class Onnx_TensorOf<list<Type> elements> : TensorOf<elements>;

def Onnx_FloatTensor : Onnx_TensorOf<[F16, BF16, F32, F64]>;
def Onnx_IntTensor
    : Onnx_TensorOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64]>;
def Onnx_NumericTensor
    : Onnx_TensorOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, BF16, F32, F64]>;
def Onnx_SignedTensor : Onnx_TensorOf<[I8, I16, I32, I64, F16, BF16, F32, F64]>;
def Onnx_FloatOrBigIntTensor
    : Onnx_TensorOf<[I32, I64, UI32, UI64, F16, BF16, F32, F64]>;
def Onnx_IndexTensor : Onnx_TensorOf<[I32, I64]>;
def Onnx_I64Tensor : Onnx_TensorOf<[I64]>;
def Onnx_I32Tensor : Onnx_TensorOf<[I32]>;
def Onnx_BoolTensor : Onnx_TensorOf<[I1]>;
def Onnx_AnyTensor : TensorOf<[AnyType]>;

//===----------------------------------------------------------------------===//
// Op base class
//===----------------------------------------------------------------------===//

// `signature` names the element type of each input and result: "T,T,T?->T".
// A name used twice says "the same element type"; "?" marks an optional input,
// "..." a variadic one, "...*" a variadic one of mixed types. A builtin type
// name (i1, i64, f32, ...) fixes the type. All results are always present; one
// that a model does not ask for has no uses.
//
// Assembly, absent optional inputs spelled `_`:
//   %y = onnx.Conv(%x, %w, _) {strides = array<i64: 2, 2>}
//       : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x3x3xf32>
class Onnx_Op<string operator, int since, string types, list<Trait> traits = []>
    : Op<Onnx_Dialect, operator,
         traits # [Pure, DeclareOpInterfaceMethods<OnnxOpInterface, ["inferResultTypes"]>]> {
  int sinceVersion = since;
  string signature = types;
  dag arguments = (ins);
  list<int> requiredAttributePositions = !filter(i, !range(!size(arguments)),
      !if(!initialized(!getdagarg<Attr>(arguments, i)),
          !and(!not(!getdagarg<Attr>(arguments, i).isOptional),
               !not(!initialized(!getdagarg<Attr>(arguments, i).defaultValue))),
          0));
  string requiredAttributes = !interleave(
      !foreach(i, requiredAttributePositions, !getdagname(arguments, i)), ",");
  let hasCustomAssemblyFormat = 1;
  let extraClassDefinition = [{
    int64_t $cppClass::getSinceVersion() { return }] # since # [{; }
    ::llvm::StringRef $cppClass::getSignature() { return "}] # types # [{"; }
    ::llvm::StringRef $cppClass::getRequiredAttributes() {
      return "}] # requiredAttributes # [{";
    }
    ::mlir::ParseResult $cppClass::parse(::mlir::OpAsmParser &parser,
                                         ::mlir::OperationState &state) {
      return ::assay::onnx::detail::parseOnnxOp(parser, state, getSignature());
    }
    void $cppClass::print(::mlir::OpAsmPrinter &printer) {
      ::assay::onnx::detail::printOnnxOp(printer, *this);
    }
  }];
}

#endif // ASSAY_DIALECTS_ONNX_ONNXBASE_TD
