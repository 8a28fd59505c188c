package import Core

/// What sort of event an entry records: `odometer.read`, `scrapped`. Which kinds there are, and what each may say, is
/// not decided here: an old verifier must accept a chain that has newer kinds in it.
package struct EventKind: TextValue, Hashable {
    package static let maximumByteCount = 64

    /// Puts an earlier entry right.
    package static let entryCorrected = EventKind(verified: "entry.corrected")
    /// Takes an earlier entry back.
    package static let entryRetracted = EventKind(verified: "entry.retracted")
    /// Names an earlier entry whose payload was erased.
    package static let payloadErased = EventKind(verified: "payload.erased")

    package let text: String

    package init(parsing text: String) throws(TextFault) {
        var text = text
        guard text.withUTF8({ EventKind.isValid(UnsafeRawBufferPointer($0)) }) else {
            throw TextFault(
                "kind_format",
                zh: "须为小写字母加可选的“.”与后缀，例如 odometer.read",
                en: "Must be lower-case letters with an optional dot and suffix, such as odometer.read"
            )
        }
        self.text = text
    }

    private init(verified text: String) {
        self.text = text
    }

    /// Whether an entry of this kind says something about another entry by `corrects`.
    package var corrects: Bool { self == .entryCorrected || self == .entryRetracted }

    /// The same without a copy of the text.
    static func corrects(_ utf8: UnsafeRawBufferPointer) -> Bool {
        utf8.elementsEqual("entry.corrected") || utf8.elementsEqual("entry.retracted")
    }

    static func erases(_ utf8: UnsafeRawBufferPointer) -> Bool {
        utf8.elementsEqual("payload.erased")
    }

    static func isValid(_ utf8: UnsafeRawBufferPointer) -> Bool {
        utf8.baseAddress.flatMap { prefixCount(from: $0, to: $0 + utf8.count) } == utf8.count
    }

    /// How many bytes a kind takes at the beginning of a text, `^[a-z]+(\.[a-z_]+)?`; `nil` where there is none.
    static func prefixCount(from start: UnsafeRawPointer, to end: UnsafeRawPointer) -> Int? {
        let limit = min(end, start + maximumByteCount)
        let dot = passLetters(from: start, to: limit)
        guard dot > start else { return nil }
        guard dot < limit, dot.load(as: UInt8.self) == UInt8(ascii: ".") else { return dot - start }
        let suffixEnd = passLetters(from: dot + 1, to: limit, or: UInt8(ascii: "_"))
        return suffixEnd > dot + 1 ? suffixEnd - start : nil
    }

    @inline(__always)
    private static func passLetters(
        from start: UnsafeRawPointer,
        to limit: UnsafeRawPointer,
        or other: UInt8? = nil
    ) -> UnsafeRawPointer {
        var position = start
        while position < limit {
            let byte = position.load(as: UInt8.self)
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == other else { break }
            position += 1
        }
        return position
    }
}

extension EventKind: CustomStringConvertible {
    package var description: String { text }
}
