import Core
import HTTPTypes
import Identity
import Web

// MARK: - Imports

extension RateLimit {
    /// The same policy as the API's own.
    fileprivate static let uploads = RateLimit.bulk
}

extension PageService {
    private static let fileField = "file"
    private static let refreshSeconds = 3

    var importEndpoints: [Endpoint] {
        [
            page("/dealer/imports", query: Page.query, authorize: api.rule("GET /v1/imports")) { call in
                try await importsPage(call, FormState(call))
            },
            Endpoint(
                .post,
                "/dealer/imports",
                body: .stream(
                    mediaTypes: [MultipartForm.mediaType],
                    maximumBytes: Limits.importBytes + Limits.formBytes,
                    charsets: .declared
                ),
                produces: [PageService.mediaType],
                credential: .cookie(refusal: RefusalPage.reply),
                rateLimit: .uploads,
                deadlineSeconds: Limits.importDeadlineSeconds,
                authorize: api.rule("POST /v1/imports"),
                handler: sendFile
            ),
            page(
                "/dealer/imports/{id}",
                query: Page.query.union(["status"]),
                authorize: api.rule("GET /v1/imports/{id}")
            ) { call in
                try await importPage(call, FormState(call))
            },
            action("/dealer/imports/{id}/cancel", authorize: api.rule("POST /v1/imports/{id}/cancel"), cancelImport),
            passage(
                "/dealer/imports/{id}/failed-rows",
                "GET /v1/imports/{id}/failed-rows",
                ["text/csv", "application/x-ndjson"]
            ),
            passage("/dealer/imports/{id}/events", "GET /v1/imports/{id}/events", ["text/event-stream"]),
        ]
    }

    /// An answer of the API as it is, for a browser that has a cookie only.
    private func passage(_ path: String, _ operation: String, _ types: [String]) -> Endpoint {
        Endpoint(
            .get,
            path,
            produces: types,
            credential: .cookie(refusal: RefusalPage.reply),
            authorize: api.rule(operation)
        ) { call in
            var headers: HTTPFields = [:]
            for name in [HTTPField.Name.accept, .lastEventID] { headers[name] = call.headers[name] }
            return try await api.ask(operation, call, parameters: call.parameters, headers: headers)
        }
    }

    // MARK: All of them

    private func importsPage(_ call: Call, _ state: FormState) async throws -> Reply {
        let imports = try await api.ask("GET /v1/imports", call, query: call.query).json()
        var sheet = Sheet(call, .imports)
        sheet.organization = try await organizationName(call)
        let mayImport = api.rule("POST /v1/imports")(call.principal) == .allowed && call.principal?.role == .dealer
        let view = ImportListView(sheet: sheet, state: state, imports: imports, mayImport: mayImport)
        return sheet.reply(sheet.say("导入", "Imports")) { view.write(&$0) }
    }

    private func sendFile(_ call: Call) async throws -> Reply {
        let accepted = try await showing(also: [.malformed]) { failure in
            try await importsPage(call, FormState(call, failure))
        } _: {
            let form = try await MultipartForm(call, fields: ["mode"], fileField: PageService.fileField)
            let type = try FileKind(name: form.file.name).mediaType
            var query: [String: String] = [:]
            query["mode"] = form.fields["mode"]
            return try await api.ask(
                "POST /v1/imports",
                call,
                query: query,
                headers: [.contentType: type],
                stream: form.file.stream
            )
        }
        return .seeOther("/dealer/imports/\(try accepted.json().text("id"))")
    }

    // MARK: One of them

    private func importPage(_ call: Call, _ state: FormState) async throws -> Reply {
        let id = ["id": try call.parameter("id")]
        let shown = try await api.ask("GET /v1/imports/{id}", call, parameters: id).json()
        var query = call.query
        // What went wrong comes first; where nothing did, every row.
        let failed = shown["counts"]?.number("failed") ?? 0
        if query["status"] == nil, failed > 0 { query["status"] = "failed" }
        if query["status"] == "all" { query["status"] = nil }
        let rows = try await api.ask("GET /v1/imports/{id}/rows", call, parameters: id, query: query).json()
        let isFinished = ["completed", "failed", "cancelled"].contains(shown.text("state"))
        var sheet = Sheet(call, .imports)
        sheet.organization = try await organizationName(call)
        if !isFinished { sheet.refreshSeconds = PageService.refreshSeconds }
        let view = ImportView(
            sheet: sheet,
            state: state,
            json: shown,
            rows: rows,
            status: query["status"],
            isFinished: isFinished,
            mayCancel: api.rule("POST /v1/imports/{id}/cancel")(call.principal) == .allowed
                && Policy.owns(call.principal, shown.text("dealer"))
        )
        return sheet.reply(
            sheet.say("导入 \(Words.time(shown.text("created_at")))", "Import of \(Words.time(shown.text("created_at")))")
        ) {
            view.write(&$0)
        }
    }

    private func cancelImport(_ call: Call) async throws -> Reply {
        let id = try call.parameter("id")
        _ = try await showing { failure in
            try await importPage(call, FormState(call, failure))
        } _: {
            try await api.ask("POST /v1/imports/{id}/cancel", call, parameters: ["id": id])
        }
        return .seeOther("/dealer/imports/\(id)")
    }
}

/// What a file is, by the end of its name.
private struct FileKind {
    let mediaType: String

    init(name: String) throws {
        let ending = name.split(separator: ".").last?.lowercased()
        switch ending {
        case "xlsx", "xls", "et", "numbers":
            throw Failure(
                .invalidRequest,
                faults: [
                    Fault(
                        "/file",
                        "not_allowed",
                        zh: "请先在表格软件里“另存为”CSV，再上传",
                        en: "Save it as CSV in your spreadsheet first"
                    )
                ]
            )
        case "ndjson", "jsonl": mediaType = "application/x-ndjson"
        default: mediaType = "text/csv"
        }
    }
}
