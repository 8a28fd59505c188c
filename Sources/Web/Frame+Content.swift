import Core
import Cryptography
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Reads everything that a request says into a `Call`, strictly.
extension Frame {
    func readCall(_ exchange: inout Exchange, _ route: Route) async throws -> Call {
        let asked = try readHead(exchange, route)
        let body = try await readBody(&exchange, route)
        return call(asked, body, exchange, route)
    }

    /// The call of a request without a body.
    func readCallAtOnce(_ exchange: Exchange, _ route: Route) throws -> Call {
        call(try readHead(exchange, route), ReadBody(), exchange, route)
    }

    private struct ReadBody {
        var json = JSON.null
        var form: [String: String] = [:]
        var stream: BodyStream?
    }

    private struct Asked {
        let mediaType: String
        let query: [String: String]
        let parameters: [String: String]
        let idempotencyKey: String?
    }

    private func readHead(_ exchange: Exchange, _ route: Route) throws -> Asked {
        guard let mediaType = acceptedMediaType(exchange.headers.accept, among: route.endpoint.produces) else {
            throw Failure(.notAcceptable)
        }
        try checkContent(exchange, route)
        return Asked(
            mediaType: mediaType,
            query: try queryMembers(exchange.facts.queryText, known: route.endpoint.query),
            parameters: try pathParameters(exchange, route),
            idempotencyKey: try exchange.headers.idempotencyKey.map(normalizedIdempotencyKey)
        )
    }

    private func call(
        _ asked: Asked,
        _ body: ReadBody,
        _ exchange: Exchange,
        _ route: Route
    ) -> Call {
        Call(
            endpoint: route.endpoint,
            cursors: cursors,
            requestID: exchange.requestID,
            language: exchange.language,
            principal: exchange.principal,
            path: exchange.path,
            parameters: asked.parameters,
            query: asked.query,
            headers: exchange.facts.head.headerFields,
            mediaType: asked.mediaType,
            json: body.json,
            form: body.form,
            stream: body.stream,
            idempotency: asked.idempotencyKey.flatMap {
                keyedRequest($0, exchange, route, asked.parameters, asked.query, body.json)
            },
            address: exchange.facts.address
        )
    }

    private func pathParameters(_ exchange: Exchange, _ route: Route) throws -> [String: String] {
        var parameters: [String: String] = [:]
        for (name, raw) in zip(route.parameterNames, exchange.facts.match?.arguments ?? []) {
            guard let value = percentDecoded(raw) else {
                throw Failure(
                    .malformedPath,
                    faults: [Fault("/path/\(name)", "encoding", zh: "百分号编码有误", en: "The percent-encoding is wrong")]
                )
            }
            parameters[name] = value
        }
        return parameters
    }

    // MARK: Content

    private func checkContent(_ exchange: Exchange, _ route: Route) throws {
        guard exchange.hasBody else { return }
        guard !route.consumes.isEmpty else { throw Failure(.bodyNotAllowed) }
        let type = exchange.headers.contentType.map(MediaTypeField.init)
        let isReadable = type.map {
            route.consumes.contains($0.essence) && ($0.isUTF8 || route.endpoint.body.charsets == .declared)
        }
        guard isReadable == true || route.endpoint.body.charsets == .unsaid else {
            throw unsupportedMediaType(exchange, route)
        }
        if let encoding = exchange.headers.contentEncoding, encoding.lowercased() != "identity" {
            throw WebProblem(Failure(.unsupportedContentEncoding), headers: [.acceptEncoding: "identity"])
        }
    }

    private func unsupportedMediaType(_ exchange: Exchange, _ route: Route) -> WebProblem {
        let name: HTTPField.Name = exchange.method == .patch ? .acceptPatch : .acceptPost
        let consumed = route.consumes.joined(separator: ", ")
        return WebProblem(
            Failure(.unsupportedMediaType, zh: "请求体须为 \(consumed)", en: "The body must be \(consumed)"),
            headers: [name: consumed]
        )
    }

    private func readBody(
        _ exchange: inout Exchange,
        _ route: Route
    ) async throws -> ReadBody {
        switch route.endpoint.body {
        case .none:
            return ReadBody()
        case .json(let maximumBytes):
            let stream = try bodyStream(exchange, maximumBytes, deadlineSeconds: Limits.requestDeadlineSeconds)
            let bytes = try await collect(stream, &exchange)
            return ReadBody(json: try JSONParser.parse(bytes.readableBytesView))
        case .form(let fields):
            let stream = try bodyStream(exchange, Limits.formBytes, deadlineSeconds: Limits.requestDeadlineSeconds)
            let bytes = try await collect(stream, &exchange)
            return ReadBody(form: try FormBody.fields(bytes.readableBytesView, known: fields))
        case .stream(_, let maximumBytes, _):
            // An empty file is one, too, but has its type.
            let isThere = exchange.hasBody || exchange.headers.contentType != nil
            guard isThere || route.endpoint.body.charsets == .unsaid else {
                throw unsupportedMediaType(exchange, route)
            }
            let deadline = route.endpoint.deadlineSeconds
            let stream = try bodyStream(exchange, maximumBytes, deadlineSeconds: deadline)
            // A streamed answer may begin before the body is read, and an interim answer cannot come after its head.
            stream.willRead()
            return ReadBody(stream: BodyStream(stream.body, limits: stream.limits))
        }
    }

    private func bodyStream(_ exchange: Exchange, _ maximumBytes: Int, deadlineSeconds: Int) throws -> BodyStream {
        let declared = exchange.declaredBodyBytes
        if let declared, declared > maximumBytes { throw BodyFault.tooLarge(maximumBytes: maximumBytes) }
        let limits = BodyStream.Limits(
            maximumBytes: maximumBytes,
            declaredBytes: declared,
            expectedDigest: try exchange.headers.contentDigest.map(expectedDigest),
            deadline: exchange.facts.startedAt + .seconds(deadlineSeconds)
        )
        let channel = exchange.facts.channel
        let continues = exchange.headers.expect != nil
        return BodyStream(exchange.facts.body, limits: limits) {
            if continues { channel.triggerUserOutboundEvent(SendContinue(), promise: nil) }
        }
    }

    private func collect(_ stream: BodyStream, _ exchange: inout Exchange) async throws -> ByteBuffer {
        exchange.mustClose = true
        var chunks = stream.makeAsyncIterator()
        var whole = try await chunks.next() ?? ByteBuffer()
        while var chunk = try await chunks.next() { whole.writeBuffer(&chunk) }
        exchange.mustClose = false
        exchange.hasReadBody = true
        return whole
    }

    /// The SHA-256 of a `Content-Digest` header (RFC 9530, section 2).
    private func expectedDigest(_ field: String) throws -> [UInt8] {
        let members = field.split(separator: ",").map(trimmed)
        let value = members.first { $0.lowercased().hasPrefix("sha-256=:") && $0.hasSuffix(":") }
        guard let value, let digest = Base64.decode(value.dropFirst(9).dropLast()), digest.count == Digest.byteCount
        else {
            throw WebProblem(Failure(.unsupportedDigest), headers: [.wantContentDigest: "sha-256=10"])
        }
        return digest
    }

    // MARK: Idempotency

    private static let idempotencyKeyLength = 1...255

    /// The key as it stands, or within the quotes of a structured-field string (RFC 9651): both mean the same.
    private func normalizedIdempotencyKey(_ field: String) throws -> String {
        let key = unquoted(field)
        guard let key, Frame.idempotencyKeyLength.contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw Failure(.invalidIdempotencyKey) }
        return key
    }

    private func unquoted(_ field: String) -> String? {
        guard field.hasPrefix("\"") else { return field.contains("\"") ? nil : field }
        guard field.utf8.count >= 2, field.hasSuffix("\"") else { return nil }
        var text = ""
        var isEscaped = false
        for character in field.dropFirst().dropLast() {
            if isEscaped {
                guard character == "\"" || character == "\\" else { return nil }
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return nil
            } else {
                text.append(character)
            }
        }
        return isEscaped ? nil : text
    }

    private func keyedRequest(
        _ key: String,
        _ exchange: Exchange,
        _ route: Route,
        _ parameters: [String: String],
        _ query: [String: String],
        _ json: JSON
    ) -> Idempotency.Request? {
        guard route.endpoint.repetition == .keyed else { return nil }
        let operation = "\(route.endpoint.method.rawValue) \(route.endpoint.path)"
        let owner = exchange.principal?.organization ?? "ip:\(exchange.facts.address.text)"
        let credentialKind = exchange.principal?.credential.split(separator: "_").first ?? "none"
        var content = LengthPrefixed()
        content.append(operation)
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) + query.sorted(by: { $0.key < $1.key }) {
            content.append(name)
            content.append(value)
        }
        content.append(exchange.headers.contentType.map { MediaTypeField($0).essence } ?? "")
        content.append(json.canonicalBytes)
        return idempotency.request(
            scope: "\(owner)|\(credentialKind)|\(operation)",
            key: key,
            fingerprint: SHA256.hash(content.bytes)
        )
    }
}
