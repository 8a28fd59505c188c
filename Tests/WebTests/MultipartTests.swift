import Core
import Cryptography
import HTTPTypes
import NIOCore
import Support
import Testing

@testable import Web

/// Forms with a file, however they are cut into pieces on the way.
@Suite struct MultipartTests {
    private static let boundary = "x-boundary"

    private func part(_ name: String, _ value: String, file: String? = nil) -> String {
        let fileName = file.map { "; filename=\"\($0)\"" } ?? ""
        return "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(fileName)\r\n\r\n\(value)\r\n"
    }

    private func form(_ text: String, pieceBytes: Int = 1 << 16, fields: Set<String> = ["mode"]) async throws -> (
        fields: [String: String], name: String, file: String
    ) {
        let bytes = Array(text.utf8)
        let chunks = stride(from: 0, to: bytes.count, by: pieceBytes).map {
            ByteBuffer(bytes: bytes[$0..<min($0 + pieceBytes, bytes.count)])
        }
        let stream = BodyStream(chunks: chunks)
        let endpoint = Endpoint(.post, "/", authorize: AccessDecision.everyone) { _ in Reply(.ok) }
        let call = Call(
            endpoint: endpoint,
            cursors: CursorSigner(secret: .random(count: 32)),
            headers: [.contentType: "multipart/form-data; boundary=\(Self.boundary)"],
            stream: stream
        )
        let form = try await MultipartForm(call, fields: fields, fileField: "file")
        var file: [UInt8] = []
        for try await piece in form.file.stream { file += Array(piece.readableBytesView) }
        #expect(stream.isRead.isUp)
        return (form.fields, form.file.name, String(decoding: file, as: UTF8.self))
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1 << 16])
    func `the file comes out as it went in`(_ pieceBytes: Int) async throws {
        let content = "车架号,价格\r\n--x-bound\r\n\r\n--x-boundar\r\nLFV\r\n"
        let text = part("mode", "validate") + part("file", content, file: "库 存%22.csv") + "--\(Self.boundary)--\r\n"
        let read = try await form(text, pieceBytes: pieceBytes)
        #expect(read.fields == ["mode": "validate"])
        #expect(read.name == "库 存\".csv")
        #expect(read.file == content)
    }

    @Test func `an empty file is a file`() async throws {
        #expect(try await form(part("file", "", file: "a.csv") + "--\(Self.boundary)--").file == "")
    }

    @Test func `what is no such form is refused`() async throws {
        let end = "--\(Self.boundary)--\r\n"
        let file = part("file", "x", file: "a.csv")
        let table: [(text: String, code: String)] = [
            ("", "malformed_request"), ("nonsense", "malformed_request"),
            ("junk\r\n" + file + end, "malformed_request"),
            (file, "malformed_request"), (file + part("mode", "late") + end, "malformed_request"),
            (part("mode", "x") + end, "invalid_request"), (part("file", "", file: "") + end, "invalid_request"),
            (part("other", "x") + file + end, "invalid_request"),
            (part("mode", "x") + part("mode", "y") + file + end, "invalid_request"),
            (part("mode", String(repeating: "x", count: 5000)) + file + end, "malformed_request"),
            ("--\(Self.boundary)\r\nX: \(String(repeating: "x", count: 9000))", "malformed_request"),
            ("--\(Self.boundary)\r\nContent-Type: text/csv\r\n\r\nx\r\n" + end, "malformed_request"),
        ]
        for (text, code) in table {
            await #expect("\(text.prefix(60))") { _ = try await form(text) } throws: { error in
                (error as? Failure)?.type.code == code
            }
        }
    }
}
