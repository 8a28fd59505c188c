#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Turns the bytes of a file into valid UTF-8 without NUL, a chunk at a time, however the chunks were cut.
///
/// A byte order mark tells the encoding, whatever else was declared, as the WHATWG Encoding Standard has it; then what
/// was declared; then the bytes themselves: see `TextEncoding.guess`. Until the first byte outside ASCII all encodings
/// without a mark say the same, so nothing has to wait for the guess.
package final class TextDecoder {
    /// How many bytes, from the first one outside ASCII on, are looked at before the encoding is guessed. They are held
    /// until then.
    package static let guessBytes = 64 << 10
    /// The longest byte order mark, and the signatures of spreadsheets.
    private static let signatureBytes = 4

    private enum Stage {
        case beginning
        case ascii
        case guessing
        case decoding(TextEncoding)
    }

    private let declared: TextEncoding?
    private var stage = Stage.beginning
    private var converter: CharacterConverter?
    /// What has come and is not decoded: too little to tell the encoding by, or the beginning of a character.
    private var held: [UInt8] = []
    /// How many bytes came before those that are decoded next.
    private var byteOffset = 0
    private var lines = LineCounter()

    /// - Parameter encoding: what the sender declared; `nil` where the bytes have to tell.
    package init(_ encoding: TextEncoding? = nil) {
        declared = encoding
    }

    /// `nil` while it is not known, and where all is ASCII.
    package var encoding: TextEncoding? {
        if case .decoding(let encoding) = stage { encoding } else { nil }
    }

    /// Appends the text of `bytes` to `output`; also what stands before a fault.
    package func decode(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(TableFault) {
        if case .guessing = stage, held.count + bytes.count < TextDecoder.guessBytes {
            held.append(contentsOf: bytes)
            return
        }
        try decodeWithHeld(bytes, isLast: false, into: &output)
    }

    /// Appends what was still held.
    package func finish(into output: inout [UInt8]) throws(TableFault) {
        try decodeWithHeld(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, into: &output)
    }

    private func decodeWithHeld(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        into output: inout [UInt8]
    ) throws(TableFault) {
        guard !held.isEmpty else {
            return try advance(bytes, isLast: isLast, into: &output)
        }
        var whole = held
        held = []
        whole.append(contentsOf: bytes)
        try whole.withRawBytes { bytes throws(TableFault) in
            try advance(bytes, isLast: isLast, into: &output)
        }
    }

    private func advance(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        into output: inout [UInt8]
    ) throws(TableFault) {
        switch stage {
        case .beginning:
            guard isLast || bytes.count >= TextDecoder.signatureBytes else { return held.append(contentsOf: bytes) }
            let rest = try skipByteOrderMark(bytes)
            try advance(rest, isLast: isLast, into: &output)
        case .ascii:
            let count = bytes.firstIndex { $0 >= 0x80 } ?? bytes.count
            try decode(bytes.first(count), as: .utf8, isLast: true, into: &output)
            guard count < bytes.count else { return }
            stage = .guessing
            try advance(bytes.dropping(count), isLast: isLast, into: &output)
        case .guessing:
            let isEnough = bytes.count >= TextDecoder.guessBytes
            guard isLast || isEnough else { return held.append(contentsOf: bytes) }
            stage = .decoding(TextEncoding.guess(bytes.first(TextDecoder.guessBytes), isWhole: !isEnough))
            try advance(bytes, isLast: isLast, into: &output)
        case .decoding(let encoding):
            try decode(bytes, as: encoding, isLast: isLast, into: &output)
        }
    }

    private func skipByteOrderMark(
        _ bytes: UnsafeRawBufferPointer
    ) throws(TableFault) -> UnsafeRawBufferPointer {
        guard !TextDecoder.isSpreadsheet(bytes) else { throw TextDecoder.spreadsheetFault }
        if let mark = TextEncoding.byteOrderMarks.first(where: { bytes.starts(with: $0.bytes) }) {
            stage = .decoding(mark.encoding)
            byteOffset += mark.bytes.count
            return bytes.dropping(mark.bytes.count)
        }
        stage = declared.map { .decoding($0) } ?? .ascii
        return bytes
    }
}

// MARK: - Decoding

extension TextDecoder {
    private func decode(
        _ bytes: UnsafeRawBufferPointer,
        as encoding: TextEncoding,
        isLast: Bool,
        into output: inout [UInt8]
    ) throws(TableFault) {
        let nul = TextDecoder.firstNUL(in: bytes, encoding)
        let readable = bytes.first(nul ?? bytes.count)
        let start = output.count
        let (consumed, stop) = try convert(readable, from: encoding, into: &output)
        output.withUnsafeBytes { lines.count(in: $0.dropping(start)) }
        byteOffset += consumed
        guard stop != .invalid else { throw invalidFault(encoding) }
        guard consumed == readable.count else {
            guard nul == nil else { throw invalidFault(encoding) }
            guard !isLast else { throw cutOffFault }
            return held.append(contentsOf: readable.dropping(consumed))
        }
        guard nul == nil else { throw nulFault }
    }

    private func convert(
        _ bytes: UnsafeRawBufferPointer,
        from encoding: TextEncoding,
        into output: inout [UInt8]
    ) throws(TableFault) -> (consumed: Int, stop: CharacterConverter.Stop) {
        guard let name = encoding.converterName else { return copy(bytes, into: &output) }
        if converter == nil { converter = CharacterConverter(from: name) }
        guard let converter else { throw unsupportedFault(encoding) }
        return converter.convert(bytes, into: &output)
    }

    private func copy(
        _ bytes: UnsafeRawBufferPointer,
        into output: inout [UInt8]
    ) -> (consumed: Int, stop: CharacterConverter.Stop) {
        let complete = bytes.first(UTF8Text.completeCount(of: bytes))
        let valid = UTF8Text.firstInvalid(in: complete) ?? complete.count
        output.append(contentsOf: bytes.first(valid))
        guard valid == complete.count else { return (valid, .invalid) }
        return (valid, complete.count == bytes.count ? .end : .incomplete)
    }

    /// No cell has a NUL, and many programs end their texts there. In GB 18030 no character has the byte 0 in it.
    private static func firstNUL(in bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        switch encoding {
        case .utf8, .gb18030:
            return memchr(base, 0, bytes.count).map { UnsafeRawPointer($0) - base }
        case .utf16LittleEndian, .utf16BigEndian:
            return stride(from: 0, to: bytes.count - 1, by: 2).first { bytes[$0] == 0 && bytes[$0 + 1] == 0 }
        }
    }
}

// MARK: - Faults

extension TextDecoder {
    /// Zip archives, as which `.xlsx` is saved, and the compound files of `.xls`.
    private static func isSpreadsheet(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0])
    }

    private static let spreadsheetFault = TableFault(
        "spreadsheet_file",
        line: 1,
        byteOffset: 0,
        zh: "这是 Excel 工作簿，不是 CSV 文本；请在 Excel 中“另存为 CSV UTF-8（逗号分隔）”后再上传",
        en: "This is a workbook, not CSV text: save it as “CSV UTF-8” in the spreadsheet program and send that"
    )

    private var nulFault: TableFault {
        TableFault(
            "nul_character",
            line: lines.line,
            byteOffset: byteOffset,
            zh: "第 \(lines.line) 行（第 \(byteOffset) 字节）含有空字符，文件可能不是文本，或是不带 BOM 的 UTF-16",
            en: "Line \(lines.line) (byte \(byteOffset)) has a NUL: the file may be no text, or UTF-16 without a mark"
        )
    }

    private var cutOffFault: TableFault {
        TableFault(
            "truncated_character",
            line: lines.line,
            byteOffset: byteOffset,
            zh: "文件在第 \(lines.line) 行（第 \(byteOffset) 字节）的一个字符中间中断，可能没有传完",
            en: "The file breaks off within a character on line \(lines.line) (byte \(byteOffset))"
        )
    }

    private func invalidFault(_ encoding: TextEncoding) -> TableFault {
        let name = encoding.rawValue.uppercased()
        return TableFault(
            "invalid_encoding",
            line: lines.line,
            byteOffset: byteOffset,
            zh: "第 \(lines.line) 行（第 \(byteOffset) 字节）不是合法的 \(name) 字符，请确认文件的编码",
            en: "Line \(lines.line) (byte \(byteOffset)) has bytes that are no \(name): check the encoding of the file"
        )
    }

    private func unsupportedFault(_ encoding: TextEncoding) -> TableFault {
        let name = encoding.rawValue.uppercased()
        return TableFault(
            "encoding_unavailable",
            line: lines.line,
            byteOffset: byteOffset,
            zh: "本服务器未安装 \(name) 的转换表，请改用 UTF-8",
            en: "This server lacks the conversion table of \(name): use UTF-8"
        )
    }
}

// MARK: - Bytes

/// Counts line ends as an editor does: CR LF is one, and so is either alone.
struct LineCounter {
    private(set) var line = 1
    private var wasReturn = false

    mutating func count(in bytes: UnsafeRawBufferPointer) {
        var ends = 0
        var wasReturn = wasReturn
        for byte in bytes {
            let isReturn = byte == UInt8(ascii: "\r")
            if isReturn || (byte == UInt8(ascii: "\n") && !wasReturn) { ends += 1 }
            wasReturn = isReturn
        }
        line += ends
        self.wasReturn = wasReturn
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` forgets which error the body throws.
    func withRawBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(TableFault) -> Result
    ) throws(TableFault) -> Result {
        try withUnsafeBufferPointer { bytes throws(TableFault) in try body(UnsafeRawBufferPointer(bytes)) }
    }
}

extension UnsafeRawBufferPointer {
    func first(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self.prefix(count))
    }

    func dropping(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self.dropFirst(count))
    }
}
