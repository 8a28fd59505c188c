package import Core
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes one JSON object a line. Everything is escaped, so that no input can forge a line or colour a terminal.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let clock: any WallClock
    private let write: @Sendable ([UInt8]) -> Void

    package init(
        label: String,
        level: Logger.Level = .info,
        clock: any WallClock = SystemClock(),
        write: @escaping @Sendable ([UInt8]) -> Void = JSONLogHandler.writeToStandardError
    ) {
        self.label = label
        logLevel = level
        self.clock = clock
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var writer = JSONWriter(capacity: 512)
        writer.raw("{\"time\":")
        writer.string(clock.now().rfc3339)
        writer.raw(",\"level\":")
        writer.string(event.level.rawValue)
        writer.raw(",\"logger\":")
        writer.string(label)
        writer.raw(",\"message\":")
        writer.text(event.message.description)
        if let error = event.error {
            writer.raw(",\"error_type\":")
            writer.text(String(reflecting: type(of: error)))
            writer.raw(",\"error\":")
            writer.text(String(reflecting: error))
        }
        if let requestID = RequestID.current {
            writer.raw(",\"request_id\":")
            writer.string(requestID)
        }
        writeMetadata(event.metadata ?? [:], &writer)
        writer.raw("}\n")
        write(writer.bytes)
    }

    /// What the line says goes before what the provider says, and that before what the logger says.
    private func writeMetadata(_ own: Logger.Metadata, _ writer: inout JSONWriter) {
        let provided = metadataProvider?.get() ?? [:]
        for (key, value) in own { writer.member(key, value) }
        for (key, value) in provided where own[key] == nil { writer.member(key, value) }
        for (key, value) in metadata where own[key] == nil && provided[key] == nil {
            writer.member(key, value)
        }
    }

    package static let writeToStandardError: @Sendable ([UInt8]) -> Void = { writeLine($0) }
}

/// One call for one line, so that lines of several threads do not mix.
private func writeLine(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
        _ = write(STDERR_FILENO, buffer.baseAddress, buffer.count)
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: Logger.MetadataValue) {
        raw(",")
        text(name)
        raw(":")
        self.value(value)
    }

    fileprivate mutating func value(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self.text(text)
        case .stringConvertible(let number as any BinaryInteger): integer(Int64(clamping: number))
        case .stringConvertible(let convertible): text(convertible.description)
        case .array(let elements):
            raw("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { raw(",") }
                self.value(element)
            }
            raw("]")
        case .dictionary(let members):
            raw("{")
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { raw(",") }
                text(member.key)
                raw(":")
                self.value(member.value)
            }
            raw("}")
        }
    }

    /// As `string`, with DEL and the C1 controls escaped, too: terminals obey some of them.
    fileprivate mutating func text(_ text: String) {
        guard text.unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) }) else { return string(text) }
        string(
            String(
                String.UnicodeScalarView(text.unicodeScalars.map { (0x7F...0x9F).contains($0.value) ? "\u{FFFD}" : $0 })
            )
        )
    }
}
