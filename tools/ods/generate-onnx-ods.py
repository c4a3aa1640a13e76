#!/usr/bin/env python3
"""Writes the ODS skeleton of one operator family from the operator schemas.

usage: generate-onnx-ods.py Conv ConvTranspose > dialects/onnx/Convolution.td

Reads the schemas of whichever `onnx` Python package is installed and prints one
TableGen definition per operator named, at its newest version.  The output is a
starting point that is owned by hand afterwards: facts (names, types, defaults)
come from the schema, summaries are ours to write.
"""

import sys

import numpy
import onnx.defs

AttrType = onnx.defs.OpSchema.AttrType
FormalParameterOption = onnx.defs.OpSchema.FormalParameterOption

# Element type names of the specification -> our ODS element types.
ELEMENTS = {
    "bool": "I1", "int2": "SInt2", "int4": "SInt4", "int8": "I8", "int16": "I16",
    "int32": "I32", "int64": "I64", "uint2": "UInt2", "uint4": "UInt4", "uint8": "UI8",
    "uint16": "UI16", "uint32": "UI32", "uint64": "UI64", "float16": "F16",
    "bfloat16": "BF16", "float": "F32", "double": "F64", "float8e4m3fn": "F8E4M3FN",
    "float8e4m3fnuz": "F8E4M3FNUZ", "float8e5m2": "F8E5M2",
    "float8e5m2fnuz": "F8E5M2FNUZ", "float8e8m0": "F8E8M0FNU",
    "float4e2m1": "F4E2M1FN", "float6e2m3": "F6E2M3FN", "float6e3m2": "F6E3M2FN",
    "complex64": "Complex64", "complex128": "Complex128", "string": "Onnx_String",
}

INTEGERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
FLOATS = {"float16", "bfloat16", "float", "double"}
BIG_FLOATS = FLOATS - {"bfloat16"}

# Constraint sets that many operators share, by the name they have in OnnxBase.td.
NAMED_SETS = [
    ("Onnx_FloatTensor", FLOATS),
    ("Onnx_IntTensor", INTEGERS),
    ("Onnx_NumericTensor", FLOATS | INTEGERS),
    ("Onnx_IndexTensor", {"int32", "int64"}),
    ("Onnx_I64Tensor", {"int64"}),
    ("Onnx_I32Tensor", {"int32"}),
    ("Onnx_BoolTensor", {"bool"}),
    ("Onnx_FloatOrBigIntTensor", FLOATS | {"int32", "int64", "uint32", "uint64"}),
    ("Onnx_SignedTensor", FLOATS | {"int8", "int16", "int32", "int64"}),
]

ATTRIBUTES = {
    AttrType.INT: "I64Attr", AttrType.FLOAT: "F32Attr", AttrType.STRING: "StrAttr",
    AttrType.INTS: "DenseI64ArrayAttr", AttrType.FLOATS: "DenseF32ArrayAttr",
    AttrType.STRINGS: "StrArrayAttr", AttrType.TENSOR: "ElementsAttr",
}

SIGNATURE_TYPES = {"bool": "i1", "int32": "i32", "int64": "i64", "uint8": "ui8",
                   "float": "f32", "string": "!onnx.string"}

TYPE_ATTRIBUTES = {"to", "dtype", "output_dtype"}


def type_constraint(type_strs):
    elements = {t[len("tensor("):-1] for t in type_strs if t.startswith("tensor(")}
    for name, members in NAMED_SETS:
        if elements == members:
            return name
    if len(elements) > 13:
        return "Onnx_AnyTensor"
    ordered = [ELEMENTS[e] for e in ELEMENTS if e in elements]
    return "Onnx_TensorOf<[" + ", ".join(ordered) + "]>"


def operand(schema, parameter, is_input):
    constraint = type_constraint(parameter.types) if parameter.types else "Onnx_AnyTensor"
    if parameter.option == FormalParameterOption.Variadic:
        constraint = f"Variadic<{constraint}>"
    elif parameter.option == FormalParameterOption.Optional and is_input:
        constraint = f"Optional<{constraint}>"
    return f"{constraint}:${parameter.name}"


def attribute(attr):
    if attr.name in TYPE_ATTRIBUTES and attr.type == AttrType.INT:
        return f"OptionalAttr<TypeAttr>:${attr.name}"
    base = ATTRIBUTES[attr.type]
    if attr.required:
        return f"{base}:${attr.name}"
    default = onnx.helper.get_attribute_value(attr.default_value) if attr.default_value.name else None
    if default is None or isinstance(default, list):
        return f"OptionalAttr<{base}>:${attr.name}"
    if isinstance(default, bytes):
        return f'DefaultValuedStrAttr<{base}, "{default.decode()}">:${attr.name}'
    if isinstance(default, float):
        return f'DefaultValuedAttr<{base}, "{shortest_float32(default)}f">:${attr.name}'
    return f'DefaultValuedAttr<{base}, "{default}">:${attr.name}'


def shortest_float32(value):
    """The shortest decimal that reads back as the same float32, such as 1e-05 or 1.0."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if numpy.float32(text) == numpy.float32(value):
            break
    return text if "." in text or "e" in text else text + ".0"


def signature(schema):
    """Element type of each input and result, such as "T,T,T?->T" or "T,i64->T".

    A name shared by several positions says that they have one element type.
    "?" marks an optional input, "..." a variadic one, "*" one of mixed types.
    """
    single = {c.type_param_str: c.allowed_type_strs[0] for c in schema.type_constraints
              if len(c.allowed_type_strs) == 1}

    def spell(parameter, is_input):
        name = single.get(parameter.type_str, parameter.type_str)
        if name.startswith("tensor("):
            name = SIGNATURE_TYPES[name[len("tensor("):-1]]
        if parameter.option == FormalParameterOption.Variadic:
            name += "..." if parameter.is_homogeneous else "...*"
        elif parameter.option == FormalParameterOption.Optional and is_input:
            name += "?"
        return name

    return (",".join(spell(p, True) for p in schema.inputs) + "->" +
            ",".join(spell(p, False) for p in schema.outputs))


def definition(name):
    schema = onnx.defs.get_schema(name)
    attributes = [attribute(schema.attributes[a]) for a in sorted(schema.attributes)
                  if schema.attributes[a].type in ATTRIBUTES or a in TYPE_ATTRIBUTES]
    regions = [a for a in sorted(schema.attributes) if schema.attributes[a].type == AttrType.GRAPH]
    arguments = [operand(schema, p, True) for p in schema.inputs] + attributes
    results = [operand(schema, p, False) for p in schema.outputs]
    joined = lambda parts: (",\n" + " " * 23).join(parts)
    traits = []
    if sum(p.option != FormalParameterOption.Single for p in schema.inputs) > 1:
        traits.append("AttrSizedOperandSegments")
    lines = [
        f'def Onnx_{name}Op : Onnx_Op<"{name}", {schema.since_version}, "{signature(schema)}"'
        + (f", [{', '.join(traits)}]" if traits else "") + "> {",
        f'  let summary = "{name}";',
        f"  let arguments = (ins {joined(arguments)});",
        f"  let results = (outs {joined(results)});",
    ]
    if regions:
        lines.append("  let regions = (region " + ", ".join(f"AnyRegion:${r}" for r in regions) + ");")
    lines.append("}")
    return "\n".join(lines)


if __name__ == "__main__":
    print("\n\n".join(definition(name) for name in sys.argv[1:]))
