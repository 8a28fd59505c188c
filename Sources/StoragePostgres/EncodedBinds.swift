import CLibPQ
import Storage

/// The binds of a statement in binary form, one behind the other. Each has its type said: a number is a `bigint` for
/// the server whatever it is compared with.
struct EncodedBinds {
    private(set) var types: [Oid] = []
    private var lengths: [CInt] = []
    private var offsets: [Int?] = []
    /// Never empty, so that a value of no bytes has an address, too: none would be NULL.
    private var bytes: [UInt8] = []

    init(_ values: [SQLValue]) {
        types.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        offsets.reserveCapacity(values.count)
        for value in values { append(value) }
        bytes.append(0)
    }

    private mutating func append(_ value: SQLValue) {
        let start = bytes.count
        switch value {
        case .null: types.append(TypeID.unspecified)
        case .integer(let number):
            types.append(TypeID.int8)
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        case .text(let text):
            types.append(TypeID.text)
            bytes.append(contentsOf: text.utf8)
        case .blob(let blob):
            types.append(TypeID.bytea)
            bytes.append(contentsOf: blob)
        }
        lengths.append(CInt(bytes.count - start))
        offsets.append(value == .null ? nil : start)
    }

    /// Calls `body` with what libpq's sending functions want: values, lengths, formats.
    func withPointers(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> CInt
    ) -> CInt {
        bytes.withUnsafeBytes { buffer in
            let values = offsets.map { offset in
                offset.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return body(values, lengths, [CInt](repeating: Self.binary, count: values.count))
        }
    }

    static let binary: CInt = 1
}
