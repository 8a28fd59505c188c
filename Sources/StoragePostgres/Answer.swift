import CLibPQ
import Storage

/// What the server answered to one statement, all of it in binary form.
final class Answer {
    private let result: OpaquePointer

    /// Takes over the result, and frees it.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    /// `INSERT 0 1`, `COMMIT`: what the server says it did.
    var tag: String { String(cString: PQcmdStatus(result)) }

    /// How many rows it changed. A query's tag counts rows as well, those that it returned.
    var changedCount: Int {
        let tag = tag
        guard ["INSERT ", "UPDATE ", "DELETE "].contains(where: tag.hasPrefix) else { return 0 }
        return Int(tag.split(separator: " ").last ?? "") ?? 0
    }

    var rowCount: Int { Int(PQntuples(result)) }

    func rows() throws -> [Row] {
        try (0..<rowCount).map(row)
    }

    func row(_ index: Int) throws -> Row {
        let columnCount = PQnfields(result)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(columnCount))
        for column in 0..<columnCount { values.append(try value(CInt(index), column)) }
        return Row(values)
    }

    private func value(_ row: CInt, _ column: CInt) throws -> SQLValue {
        guard PQgetisnull(result, row, column) == 0 else { return .null }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column),
            count: Int(PQgetlength(result, row, column))
        )
        switch PQftype(result, column) {
        case TypeID.int8, TypeID.int4, TypeID.int2, TypeID.bool: return .integer(BinaryValue.integer(bytes))
        case TypeID.text, TypeID.varchar, TypeID.bpchar, TypeID.name, TypeID.unknown:
            return .text(String(decoding: bytes, as: UTF8.self))
        case TypeID.bytea: return .blob(Array(bytes))
        case TypeID.numeric:
            guard let number = BinaryValue.wholeNumeric(bytes) else {
                throw StoredDataError("column \(column) holds a number that is not whole or too large")
            }
            return .integer(number)
        case let type: throw StoredDataError("column \(column) is of a type that is not portable (\(type))")
        }
    }
}

/// Numbers of types in `pg_type`, the same in every database.
enum TypeID {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let unknown: Oid = 705
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700
    /// The server finds out by itself.
    static let unspecified: Oid = 0
}

/// How PostgreSQL writes numbers in binary form: the most significant byte first.
enum BinaryValue {
    static func integer(_ bytes: some Collection<UInt8>) -> Int64 {
        let isNegative = bytes.count > 1 && (bytes.first ?? 0) >= 0x80
        return bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
    }

    /// The sum of integers is a `numeric`: four 16-bit words (digit count, weight of the first digit, sign, decimal
    /// places), then the digits, each of 0 to 9999.
    /// - Returns: `nil` where it has decimal places that are not zero, or does not fit.
    static func wholeNumeric(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count >= 8, bytes.count.isMultiple(of: 2) else { return nil }
        let words = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let weight = Int(Int16(bitPattern: words[1]))
        let digits = words.dropFirst(4)
        guard digits.count == Int(words[0]), words[2] == 0 || words[2] == negativeSign else { return nil }
        // Negative all along: the least number has no positive counterpart.
        var negative: Int64 = 0
        for position in 0..<max(digits.count, weight + 1) {
            let digit = position < digits.count ? Int64(digits[digits.startIndex + position]) : 0
            guard position <= weight else {
                guard digit == 0 else { return nil }
                continue
            }
            let (shifted, overflows) = negative.multipliedReportingOverflow(by: 10_000)
            let (next, overflowsToo) = shifted.subtractingReportingOverflow(digit)
            guard !overflows, !overflowsToo else { return nil }
            negative = next
        }
        if words[2] == negativeSign { return negative }
        return negative == .min ? nil : -negative
    }

    private static let negativeSign: UInt16 = 0x4000
}
