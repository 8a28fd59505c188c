/// How the bytes of a table stand for text.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    /// Also reads GBK and GB 2312, whose characters have the same bytes in it.
    case gb18030
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"

    /// By the `charset` of a media type; `nil` where it is none that is read here.
    package init?(label: String) {
        switch label.lowercased() {
        case "utf-8", "utf8": self = .utf8
        case "gb18030", "gbk", "gb2312", "gb_2312-80", "x-gbk", "cp936", "windows-936": self = .gb18030
        case "utf-16", "utf-16le": self = .utf16LittleEndian
        case "utf-16be": self = .utf16BigEndian
        default: return nil
        }
    }

    /// What the C library calls it; `nil` where nothing needs to be converted.
    var converterName: String? {
        switch self {
        case .utf8: nil
        case .gb18030: "GB18030"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        }
    }

    /// The character U+FEFF at the beginning tells the encoding by its bytes.
    static let byteOrderMarks: [(bytes: [UInt8], encoding: TextEncoding)] = [
        ([0xEF, 0xBB, 0xBF], .utf8),
        ([0x84, 0x31, 0x95, 0x33], .gb18030),
        ([0xFF, 0xFE], .utf16LittleEndian),
        ([0xFE, 0xFF], .utf16BigEndian),
    ]

    /// What a text without a byte order mark is taken for: UTF-8 where its bytes are valid UTF-8, else GB 18030, which
    /// Chinese Windows saves in. Chinese text in GB 18030 is hardly ever valid UTF-8 for more than a few characters.
    ///
    /// - Parameters:
    ///   - bytes: from the first one outside ASCII on.
    ///   - isWhole: whether nothing follows; only then a character cut off at the end counts against UTF-8, unless
    ///     there is a whole one before it.
    static func guess(_ bytes: UnsafeRawBufferPointer, isWhole: Bool) -> TextEncoding {
        guard let invalid = UTF8Text.firstInvalid(in: bytes) else { return .utf8 }
        guard invalid == UTF8Text.completeCount(of: bytes) else { return .gb18030 }
        return isWhole && invalid == 0 ? .gb18030 : .utf8
    }
}

/// What the standard library knows about UTF-8, asked for byte offsets.
enum UTF8Text {
    /// Where the first sequence begins that is no character, also one that is cut off at the end.
    static func firstInvalid(in bytes: UnsafeRawBufferPointer) -> Int? {
        let bytes = bytes.bindMemory(to: UInt8.self)
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    /// How many bytes there are before a character that may go on behind the end.
    static func completeCount(of bytes: UnsafeRawBufferPointer) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            guard byte & 0xC0 == 0x80 else {
                return expectedCount(after: byte) > length ? bytes.count - length : bytes.count
            }
        }
        return bytes.count
    }

    /// How many bytes a character has that begins with `lead`.
    private static func expectedCount(after lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
