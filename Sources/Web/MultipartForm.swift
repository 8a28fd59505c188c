import Core
import HTTPTypes
import HummingbirdCore
import NIOCore

/// A form with one file (RFC 7578), read as it arrives: the fields first, and then the file, which stands last.
package struct MultipartForm: Sendable {
    package static let mediaType = "multipart/form-data"

    package let fields: [String: String]
    package let file: File

    package struct File: Sendable {
        /// As the sender's machine calls it: to be looked at, never to be used as a path.
        package let name: String
        package let stream: BodyStream
    }

    private static let maximumFieldBytes = 4 << 10
    /// RFC 2046, section 5.1.1.
    private static let boundaryLength = 1...70

    /// - Parameters:
    ///   - fields: those that may stand before the file, each at the most once.
    ///   - fileField: the name of the file's own.
    /// - Throws: `malformedRequest`, `invalidRequest`.
    package init(_ call: Call, fields known: Set<String>, fileField: String) async throws {
        guard let stream = call.stream, let boundary = MultipartForm.boundary(call.headers[.contentType] ?? "") else {
            throw Failure(.malformedRequest)
        }
        let faults = FaultCollector()
        var reader = MultipartReader(stream, boundary: boundary)
        var fields: [String: String] = [:]
        while let part = try await reader.nextPart() {
            if part.name == fileField, let fileName = part.fileName, !fileName.isEmpty {
                try faults.throwIfAny()
                let body = RequestBody(asyncSequence: FileBytes(reader))
                self.fields = fields
                file = File(name: fileName, stream: BodyStream(body, limits: stream.limits.ofPart))
                return
            }
            let bytes = try await reader.collectPart(maximumBytes: MultipartForm.maximumFieldBytes)
            // A browser sends a file without a name where none was chosen.
            guard part.name != fileField else { continue }
            guard let value = String(validating: bytes, as: UTF8.self) else { throw Failure(.malformedRequest) }
            let pointer = "/" + escapedPointerToken(part.name)
            if !known.contains(part.name) {
                faults.add(pointer, "unknown_member", zh: "未知的参数", en: "The member is not known")
            } else if fields.updateValue(value, forKey: part.name) != nil {
                faults.add(pointer, "duplicate_member", zh: "参数重复出现", en: "The member occurs more than once")
            }
        }
        faults.add("/" + fileField, "required", zh: "请选择文件", en: "Choose a file")
        throw Failure(.invalidRequest, faults: faults.faults)
    }

    private static func boundary(_ contentType: String) -> [UInt8]? {
        let pieces = contentType.split(separator: ";").dropFirst().map(trimmed)
        let values = pieces.filter { $0.lowercased().hasPrefix("boundary=") }.map {
            $0.dropFirst(9).filter { $0 != "\"" }
        }
        guard values.count == 1, let value = values.first, boundaryLength.contains(value.utf8.count),
            value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return Array(value.utf8)
    }
}

extension BodyStream.Limits {
    /// Length and digest are those of the whole.
    fileprivate var ofPart: BodyStream.Limits {
        BodyStream.Limits(maximumBytes: maximumBytes, declaredBytes: nil, expectedDigest: nil, deadline: deadline)
    }
}

/// Goes through the parts of a form, one after the other, and holds no more of it than one piece of the body. The
/// framework's iterator runs nowhere else than its methods do.
struct MultipartReader {
    struct Part {
        let name: String
        let fileName: String?
    }

    private static let maximumHeaderBytes = 4 << 10
    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    private var chunks: BodyStream.AsyncIterator
    private let delimiter: [UInt8]
    /// What has arrived and was not given out. Begins with a line end, so that the first delimiter is like the others.
    private var buffer = MultipartReader.lineEnd
    private var isBeforeFirst = true

    init(_ stream: BodyStream, boundary: [UInt8]) {
        chunks = stream.makeAsyncIterator()
        delimiter = MultipartReader.lineEnd + Array("--".utf8) + boundary
    }

    /// - Returns: `nil` behind the last.
    /// - Throws: `malformedRequest`.
    @concurrent
    mutating func nextPart() async throws -> Part? {
        if isBeforeFirst {
            isBeforeFirst = false
            guard try await collectPart(maximumBytes: 0).isEmpty else { throw Failure(.malformedRequest) }
        }
        try await fill(2)
        let mark = Array(buffer.prefix(2))
        buffer.removeFirst(2)
        if mark == Array("--".utf8) {
            try await drain()
            return nil
        }
        guard mark == MultipartReader.lineEnd else { throw Failure(.malformedRequest) }
        return try await Part(headerLines: headerLines())
    }

    /// - Throws: `malformedRequest` also where there is more of it.
    @concurrent
    mutating func collectPart(maximumBytes: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await nextPiece() {
            bytes += piece
            guard bytes.count <= maximumBytes else { throw Failure(.malformedRequest) }
        }
        return bytes
    }

    /// - Returns: `nil` where the part is over; the delimiter is behind us then.
    @concurrent
    mutating func nextPiece() async throws -> [UInt8]? {
        while true {
            if let place = buffer.firstPlace(of: delimiter) {
                guard place > 0 else {
                    buffer.removeFirst(delimiter.count)
                    return nil
                }
                let piece = Array(buffer[..<place])
                buffer.removeFirst(place)
                return piece
            }
            // The delimiter may have begun.
            let sure = buffer.count - (delimiter.count - 1)
            if sure > 0 {
                let piece = Array(buffer[..<sure])
                buffer.removeFirst(sure)
                return piece
            }
            try await fill(buffer.count + 1)
        }
    }

    /// To the end of the body, so that the connection serves the next request.
    @concurrent
    mutating func drain() async throws {
        buffer = []
        while try await chunks.next() != nil {}
    }

    @concurrent
    private mutating func headerLines() async throws -> [String] {
        var lines: [String] = []
        var byteCount = 0
        while true {
            var end = buffer.firstPlace(of: MultipartReader.lineEnd)
            while end == nil {
                guard buffer.count <= MultipartReader.maximumHeaderBytes else { throw Failure(.malformedRequest) }
                try await fill(buffer.count + 1)
                end = buffer.firstPlace(of: MultipartReader.lineEnd)
            }
            guard let end, let line = String(validating: buffer[..<end], as: UTF8.self) else {
                throw Failure(.malformedRequest)
            }
            byteCount += end
            guard byteCount <= MultipartReader.maximumHeaderBytes else { throw Failure(.malformedRequest) }
            buffer.removeFirst(end + 2)
            if line.isEmpty { return lines }
            lines.append(line)
        }
    }

    /// - Throws: `malformedRequest` where the body ends before.
    @concurrent
    private mutating func fill(_ count: Int) async throws {
        while buffer.count < count {
            guard let chunk = try await chunks.next() else { throw Failure(.malformedRequest) }
            buffer.append(contentsOf: chunk.readableBytesView)
        }
    }
}

extension MultipartReader.Part {
    /// `Content-Disposition: form-data; name="file"; filename="库存.csv"`, in UTF-8 as browsers write it, a quotation
    /// mark being `%22` there.
    fileprivate init(headerLines lines: [String]) throws {
        let field = lines.first { $0.lowercased().hasPrefix("content-disposition:") }
        let parameters = (field ?? "").split(separator: ";").map(trimmed)
        func value(_ name: String) -> String? {
            parameters.first { $0.hasPrefix("\(name)=\"") && $0.hasSuffix("\"") }
                .map { String($0.dropFirst(name.count + 2).dropLast()).replacing("%22", with: "\"") }
        }
        guard let name = value("name") else { throw Failure(.malformedRequest) }
        self.init(name: name, fileName: value("filename"))
    }
}

/// The bytes of the file that stands last in a form. One task alone reads them.
private struct FileBytes: AsyncSequence, @unchecked Sendable {
    typealias Element = ByteBuffer

    private let reader: MultipartReader

    init(_ reader: MultipartReader) {
        self.reader = reader
    }

    func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }

    struct Iterator: AsyncIteratorProtocol {
        var reader: MultipartReader

        /// The framework's iterator runs nowhere else.
        @concurrent
        mutating func next() async throws -> ByteBuffer? {
            if let piece = try await reader.nextPiece() { return ByteBuffer(bytes: piece) }
            guard try await reader.nextPart() == nil else { throw BodyFault.broken }
            return nil
        }
    }
}

extension [UInt8] {
    fileprivate func firstPlace(of pattern: [UInt8]) -> Int? {
        guard count >= pattern.count, let first = pattern.first else { return nil }
        return (0...(count - pattern.count)).first { place in
            self[place] == first && self[place..<(place + pattern.count)].elementsEqual(pattern)
        }
    }
}
