/// One value of a statement or a row. No dates and no floating point: what the engines disagree on stays out.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// What may be interpolated into a statement.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable {
    package var sqlValue: SQLValue { self }
}

extension Int64: SQLBindable {
    package var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLBindable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension String: SQLBindable {
    package var sqlValue: SQLValue { .text(self) }
}

extension [UInt8]: SQLBindable {
    package var sqlValue: SQLValue { .blob(self) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

/// A statement in the portable subset, or a part of one. Every interpolated value becomes a bind, every interpolated
/// part brings its own text and binds; there is no way to splice in text that does not stand in the source.
package struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// With `?` where a bind stands.
    package let text: String
    package let binds: [SQLValue]
    /// Whether the rows that it finds stay as they are until the end of the transaction, whoever else wants to change
    /// them. An engine with one writer has nothing to do for that.
    package private(set) var locksRows = false

    package init(stringLiteral value: StaticString) {
        text = value.description
        binds = []
    }

    /// A statement out of a migration's file. Only this module can make one out of text, so nobody else can splice.
    init(migration text: String) {
        self.text = text
        binds = []
    }

    /// Made of others by this module.
    init(text: String, binds: [SQLValue]) {
        self.text = text
        self.binds = binds
    }

    package init(stringInterpolation: StringInterpolation) {
        text = String(decoding: stringInterpolation.text, as: UTF8.self)
        binds = stringInterpolation.binds
    }

    /// What stands between commas: columns, or values.
    package static func list(_ parts: [SQL]) -> SQL {
        SQL(text: parts.map(\.text).joined(separator: ", "), binds: parts.flatMap(\.binds))
    }

    /// The same statement, holding on to the rows that it finds.
    package var lockingRows: SQL {
        var copy = self
        copy.locksRows = true
        return copy
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        /// As bytes: a string out of each literal, only to append it, would double what a statement costs to write.
        var text: [UInt8] = []
        var binds: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            binds.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text.append(contentsOf: $0) }
        }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            text.append(UInt8(ascii: "?"))
            binds.append(value.sqlValue)
        }

        /// `nil` binds as NULL. Apart from the one above, because the compiler takes an interpolated optional for a
        /// slip unless it is asked for.
        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            text.append(UInt8(ascii: "?"))
            binds.append(value.sqlValue)
        }

        /// A part that several statements share, such as the columns of a table.
        package mutating func appendInterpolation(_ part: SQL) {
            text.append(contentsOf: part.text.utf8)
            binds.append(contentsOf: part.binds)
        }
    }
}
