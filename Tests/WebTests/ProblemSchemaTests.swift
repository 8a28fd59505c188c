import Core
import Support
import Testing

@testable import Web

@Suite("The shape of a problem")
struct ProblemSchemaTests {
    /// Requests that are refused, each for a reason of its own. `-` stands for none.
    static let refused = TextTable(
        """
        method  | path                      | header                               | body                     | status
        GET     | /nowhere                  | -                                    | -                        | 404
        POST    | /nowhere                  | -                                    | -                        | 404
        PUT     | /v1/things                | -                                    | -                        | 405
        TRACE   | /v1/things                | -                                    | -                        | 405
        GET     | /v1/things/               | -                                    | -                        | 404
        GET     | /v1/things/%ff            | -                                    | -                        | 400
        GET     | /v1/things?unknown=1      | -                                    | -                        | 400
        GET     | /v1/things?limit=0        | -                                    | -                        | 400
        GET     | /v1/things?limit=x        | -                                    | -                        | 400
        GET     | /v1/things?limit=1&limit=2| -                                    | -                        | 400
        GET     | /v1/things?cursor=x       | -                                    | -                        | 400
        GET     | /v1/things?color=%zz      | -                                    | -                        | 400
        GET     | /v1/things/1              | Accept: text/html                    | -                        | 406
        GET     | /v1/things/1              | Expect: something                    | -                        | 417
        GET     | /v1/things/missing        | -                                    | -                        | 404
        GET     | /v1/things/1              | Authorization: Basic x               | -                        | 401
        GET     | /v1/things/1              | Authorization: Bearer                | -                        | 401
        GET     | /v1/things/1              | Authorization: Bearer wrong          | -                        | 401
        GET     | /v1/things/1              | -                                    | {}                       | 400
        POST    | /v1/things                | -                                    | -                        | 400
        POST    | /v1/things                | -                                    | {                        | 400
        POST    | /v1/things                | -                                    | [                        | 400
        POST    | /v1/things                | -                                    | {"a":1,"a":2}            | 400
        POST    | /v1/things                | -                                    | {"a":1.5}                | 400
        POST    | /v1/things                | -                                    | {"a":1}                  | 422
        POST    | /v1/things                | -                                    | "text"                   | 422
        POST    | /v1/things                | -                                    | {"name":7}               | 422
        POST    | /v1/things                | Content-Type: text/plain             | {}                       | 415
        POST    | /v1/things                | Content-Encoding: gzip               | {}                       | 415
        POST    | /v1/things                | Content-Digest: sha-256=:AAAA:       | {}                       | 400
        POST    | /v1/things                | Idempotency-Key: two words           | {"name":"a"}             | 400
        POST    | /v1/things/1/publish      | -                                    | {}                       | 400
        POST    | /v1/import                | Content-Type: application/json       | {}                       | 415
        PATCH   | /v1/things/1              | -                                    | {}                       | 428
        PATCH   | /v1/things/1              | If-Match: "x"                        | {}                       | 412
        PATCH   | /v1/things/1              | Content-Type: application/json       | {}                       | 415
        GET     | /v1/defect                | -                                    | -                        | 500
        GET     | /v1/never                 | -                                    | -                        | 503
        GET     | /v1/kinds/full            | -                                    | -                        | 507
        """
    )

    @Test(arguments: refused.rows, Language.allCases)
    func `whatever is refused is refused in the same shape`(row: TextTable.Row, language: Language) async throws {
        let site = try await Site.start()
        let header = row["header"].split(separator: ":", maxSplits: 1).map(String.init)
        let isCredential = header.first == "Authorization"
        var headers = [("Accept-Language", language.rawValue)]
        if header.count == 2 { headers.append((header[0], String(header[1].dropFirst()))) }
        let answer = try await site.send(
            row["method"],
            row["path"],
            token: isCredential ? nil : "dealer-a",
            headers: headers,
            json: row["body"] == "-" ? nil : row["body"]
        )
        #expect("\(answer.status)" == row["status"])
        #expect(answer.header("Content-Type") == "application/problem+json")
        #expect(answer.header("Content-Language") == language.rawValue)
        try checkShape(try answer.json(), answer, language)
    }

    private func checkShape(_ problem: JSON, _ answer: HTTPAnswer, _ language: Language) throws {
        let id = try #require(answer.header("X-Request-Id"))
        let code = try #require(problem["code"]?.stringValue)
        #expect(problem["type"] == .string("/problems/" + code.replacing("_", with: "-")))
        #expect(problem["status"] == JSON(answer.status))
        #expect(problem["request_id"] == .string(id))
        #expect(problem["instance"] == .string("urn:chexin:req:\(id)"))
        for name in ["title", "detail"] {
            let text = try #require(problem[name]?.stringValue)
            #expect(isChinese(text) == (language == .chinese))
        }
        for error in problem["errors"]?.arrayValue ?? [] {
            let pointer = try #require(error["pointer"]?.stringValue)
            #expect(pointer.isEmpty || pointer.hasPrefix("/"))
            #expect(error["code"]?.stringValue?.allSatisfy { $0.isLowercase || $0 == "_" } == true)
            #expect(isChinese(try #require(error["detail"]?.stringValue)) == (language == .chinese))
        }
        let known: Set<String> = [
            "type", "title", "status", "detail", "instance", "code", "request_id", "errors", "violated-policies",
        ]
        #expect(Set(try #require(problem.members).map(\.name)).isSubset(of: known))
    }

    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
