import Core
import HTTPTypes
import Identity
import NIOCore
package import Storage
import Tabular
package import Web

/// What the endpoints of imports share.
package struct ImportService: Sendable {
    let database: any Database
    let streams: EventStreams

    package init(database: any Database, streams: EventStreams = EventStreams()) {
        self.database = database
        self.streams = streams
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/imports",
                query: ["mode", "encoding", "mapping"],
                body: .stream(
                    mediaTypes: ["text/csv", "application/x-ndjson"],
                    maximumBytes: ImportLimits.fileBytes,
                    charsets: .declared
                ),
                repetition: .keyed,
                rateLimit: .bulk,
                deadlineSeconds: ImportLimits.uploadSeconds,
                authorize: Policy.authorize(.importCreate),
                handler: create
            ),
            Endpoint(
                .get,
                "/v1/imports",
                query: Page.query,
                authorize: Policy.authorize(.importRead),
                handler: list
            ),
            Endpoint(.get, "/v1/imports/{id}", authorize: Policy.authorize(.importRead), handler: read),
            Endpoint(
                .post,
                "/v1/imports/{id}/cancel",
                authorize: Policy.authorize(.importCancel),
                handler: cancel
            ),
            Endpoint(
                .get,
                "/v1/imports/{id}/events",
                produces: [EventStreams.mediaType],
                authorize: Policy.authorize(.importRead),
                handler: watch
            ),
        ] + rowEndpoints + mappingEndpoints
    }

    // MARK: Sending a file

    private func create(_ call: Call) async throws -> Reply {
        let request = try ImportRequest(call)
        let dealer = try call.ownDealership()
        guard let stream = call.stream else { throw Failure(.malformedRequest) }
        let rules = try await rules(request.mapping, of: dealer)
        let begun = try await database.writeRetrying { tx in
            try Imports.begin(tx, dealer: dealer, mode: request.mode, format: request.format, from: Origin(call))
        }
        let arrived = try await receive(stream, request, rules, begun)
        return try await database.writeRetrying { tx in
            try call.once(in: tx, content: arrived.digest) {
                let accepted = try Imports.accept(tx, arrived, from: Origin(call))
                return Reply.json(accepted.json, status: .accepted).withLocation("/v1/imports/\(accepted.id)")
            }
        }
    }

    private func rules(_ mapping: ImportMappingID?, of dealer: OrganizationID) async throws -> [ColumnRule] {
        guard let mapping else { return [] }
        let found = try await database.read { tx in try ImportMappingStore.find(tx, mapping.text) }
        guard let found, found.organization == dealer.text else { throw ImportRequest.fault("mapping", .noMapping) }
        return found.columns
    }

    /// Stores the file as it arrives, so that no more than some chunks of it are ever held.
    private func receive(
        _ stream: BodyStream,
        _ request: ImportRequest,
        _ rules: [ColumnRule],
        _ begun: InventoryImport
    ) async throws -> ArrivedFile {
        var intake = FileIntake(request.format, request.encoding, rules)
        for try await buffer in stream {
            try buffer.withUnsafeReadableBytes { try intake.take($0) }
            if intake.pendingBytes >= ImportLimits.pendingBytes { try await store(intake.takeChunks(), of: begun) }
        }
        try intake.finish()
        try await store(intake.takeLastChunks(), of: begun)
        return intake.arrived(begun)
    }

    private func store(_ chunks: [RowChunk], of begun: InventoryImport) async throws {
        guard !chunks.isEmpty else { return }
        try await database.write { tx in try ImportRowStore.insert(tx, chunks, of: begun.id.text) }
    }

    // MARK: Looking

    func find(_ call: Call) async throws -> InventoryImport {
        let id = try call.inventoryImport()
        return try await database.read { tx in try Imports.get(tx, id) { Policy.sees(call.principal, $0) } }
    }

    private func read(_ call: Call) async throws -> Reply {
        Reply.json(try await find(call).json)
    }

    private func list(_ call: Call) async throws -> Reply {
        let dealer = try call.requirePrincipal().organization
        let page = try call.page()
        let imports = try await database.read { tx in
            try ImportStore.page(
                tx,
                of: dealer,
                before: page.position ?? ListingService.behindAll,
                limit: page.limit + 1
            )
        }
        return call.list(imports, on: page, position: \.id.text, json: \.json)
    }

    private func cancel(_ call: Call) async throws -> Reply {
        let id = try call.inventoryImport()
        return try await database.writeRetrying { tx in
            let current = try Imports.get(tx, id) { Policy.owns(call.principal, $0) }
            return Reply.json(try Imports.cancel(tx, current, from: Origin(call)).json)
        }
    }

    /// An event for whatever has changed since the caller looked; several changes may come as one.
    private func watch(_ call: Call) async throws -> Reply {
        let current = try await find(call)
        let seen = call.headers[.lastEventID].flatMap { Int64($0) }
        // To a browser this says not to come back: there is nothing left to tell.
        if current.state.isFinished, let seen, seen >= current.version { return Reply(.noContent) }
        let id = current.id.text
        return try streams.reply(to: call) { [database] lastID in
            guard let now = try await database.read({ tx in try ImportStore.find(tx, id) }) else {
                return EventBatch([], isLast: true)
            }
            let isNew = lastID.flatMap { Int64($0) }.map { $0 < now.version } ?? true
            let name = now.state.isFinished ? "finished" : "progress"
            let event = ServerSentEvent(id: "\(now.version)", name: name, data: now.json)
            return EventBatch(isNew ? [event] : [], isLast: now.state.isFinished)
        }
    }
}

extension Call {
    func inventoryImport() throws -> InventoryImportID {
        guard let id = InventoryImportID(try parameter("id")) else { throw Failure(.notFound) }
        return id
    }
}

/// What the query and the headers say about a file.
struct ImportRequest: Sendable {
    let mode: ImportMode
    let format: FileShape.Format
    /// `nil` where the bytes have to tell.
    let encoding: TextEncoding?
    let mapping: ImportMappingID?

    init(_ call: Call) throws {
        let modes = ImportMode.allCases.map(\.rawValue).joined(separator: ", ")
        guard let mode = call.query["mode"].flatMap(ImportMode.init(rawValue:)) else {
            throw ImportRequest.fault(
                "mode",
                TextFault("not_allowed", zh: "必填，只能是：\(modes)", en: "Is needed, and must be one of: \(modes)")
            )
        }
        self.mode = mode
        format = call.bodyType?.essence == "application/x-ndjson" ? .ndjson : .csv
        let label = call.query["encoding"] ?? call.bodyType?.charset
        encoding = try label.map(ImportRequest.encoding)
        mapping = try call.query["mapping"].map { text in
            guard let id = ImportMappingID(text) else { throw ImportRequest.fault("mapping", .noMapping) }
            return id
        }
        guard format == .csv || mapping == nil && encoding ?? .utf8 == .utf8 else {
            throw ImportRequest.fault(
                call.query["mapping"] == nil ? "encoding" : "mapping",
                TextFault("not_allowed", zh: "NDJSON 只能是 UTF-8，也没有列", en: "NDJSON is UTF-8, and has no columns")
            )
        }
    }

    private static func encoding(_ label: String) throws -> TextEncoding {
        guard let encoding = TextEncoding(label: label) else {
            throw fault(
                "encoding",
                TextFault(
                    "not_allowed",
                    zh: "只能是：utf-8、gb18030（含 gbk、gb2312）、utf-16le、utf-16be",
                    en: "Must be one of: utf-8, gb18030 (with gbk and gb2312), utf-16le, utf-16be"
                )
            )
        }
        return encoding
    }

    static func fault(_ member: String, _ fault: TextFault) -> Failure {
        Failure(
            .invalidQuery,
            faults: [Fault(pointer: "/query/\(member)", code: fault.code, detail: fault.detail)]
        )
    }
}

extension TextFault {
    fileprivate static let noMapping = TextFault(
        "unknown_mapping",
        zh: "没有这个列对应方案",
        en: "There is no such mapping"
    )
}
