import Core
import HTTPTypes
import Support
import Testing

@testable import Web

@Suite("Problems")
struct ProblemTests {
    static let statuses = TextTable(
        """
        kind             status
        malformed        400
        invalid          422
        unauthenticated  401
        forbidden        403
        notFound         404
        conflict         409
        stale            412
        throttled        429
        unavailable      503
        full             507
        """
    )

    @Test
    func `every kind of failure has a status in the table`() {
        #expect(Set(ProblemTests.statuses.rows.map { $0["kind"] }) == Set(FailureKind.allCases.map { "\($0)" }))
    }

    @Test(arguments: statuses.rows)
    func `a kind becomes its status, in one place`(row: TextTable.Row) async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/kinds/\(row["kind"])", headers: [("Accept-Language", "en")])
        #expect("\(answer.status)" == row["status"])
        let problem = try answer.json()
        #expect(problem["status"]?.integerValue.map { "\($0)" } == row["status"])
        #expect(problem["title"] == "English title")
        #expect(answer.header("Retry-After") == (row["kind"] == "unavailable" ? "1" : nil))
        #expect(answer.header("WWW-Authenticate") == (row["kind"] == "unauthenticated" ? "Bearer" : nil))
    }

    static let codes = TextTable(
        """
        code                           status
        malformed_request              400
        malformed_path                 400
        malformed_json                 400
        invalid_request                422
        invalid_host                   400
        body_not_allowed               400
        invalid_query                  400
        invalid_cursor                 400
        cursor_mismatch                400
        digest_mismatch                400
        unsupported_digest             400
        invalid_idempotency_key        400
        idempotency_key_reused         422
        idempotency_in_progress        409
        unauthenticated                401
        forbidden                      403
        step_up_required               403
        cross_site_request             403
        not_found                      404
        method_not_allowed             405
        not_acceptable                 406
        request_timeout                408
        payload_too_large              413
        line_too_long                  413
        unsupported_media_type         415
        unsupported_content_encoding   415
        expectation_failed             417
        precondition_failed            412
        precondition_required          428
        quota_exceeded                 429
        too_many_streams               409
        headers_too_large              431
        internal_error                 500
        deadline_exceeded              503
        overloaded                     503
        not_ready                      503
        store_busy                     503
        store_unavailable              503
        store_full                     507
        """
    )

    @Test
    func `every problem of the frame has the status that the contract says`() {
        let actual = ProblemType.web.map { "\($0.code) \($0.status.code)" }.sorted()
        #expect(actual == ProblemTests.codes.rows.map { "\($0["code"]) \($0["status"])" }.sorted())
    }

    @Test(arguments: ProblemType.web)
    func `every problem is explained in both languages`(type: ProblemType) async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/problems/\(type.slug)")
        let json = try answer.json()
        #expect(answer.status == 200)
        #expect(json["code"] == .string(type.code))
        #expect(json["status"] == .integer(Int64(type.status.code)))
        #expect(json["title"]?["zh-CN"] == .string(type.title.zh))
        #expect(json["title"]?["en"] == .string(type.title.en))
        #expect(type.title.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
    }

    @Test
    func `the catalogue lists each problem once and changes only with its content`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/problems")
        let codes = try #require(try answer.json()["data"]?.arrayValue).compactMap { $0["code"]?.stringValue }
        #expect(codes == (ProblemType.web.map(\.code) + ["thing_not_found"]).sorted())
        let again = try await site.send("GET", "/problems", headers: [("If-None-Match", answer.header("ETag") ?? "")])
        #expect(again.status == 304)
        #expect(try await site.send("GET", "/problems/no-such-problem").status == 404)
    }

    @Test
    func `a defect says nothing about itself, and is logged with the request's id`() async throws {
        let site = try await Site.start()
        let answer = try await site.send("GET", "/v1/defect", headers: [("X-Request-Id", "defect-0001")])
        #expect(answer.status == 500)
        #expect(try answer.code() == "internal_error")
        #expect(!answer.text.contains("secret"))
        let line = try #require(site.logs.all.first { $0.contains("\"level\":\"error\"") })
        #expect(line.contains("\"request_id\":\"defect-0001\""))
        #expect(line.contains("Defect"))
    }

    @Test
    func `a private thing and a missing one get the same answer to the byte`() async throws {
        let site = try await Site.start()
        let headers = [("X-Request-Id", "the-same-id")]
        let foreign = try await site.send("GET", "/v1/things/\(SiteEndpoints.private404)", headers: headers)
        let missing = try await site.send("GET", "/v1/things/missing", headers: headers)
        #expect(foreign.status == 404)
        #expect(foreign.body == missing.body)
        let comparable = { (answer: HTTPAnswer) in
            answer.headers.filter { $0.name != "Date" && $0.name != "RateLimit" }.map { "\($0.name): \($0.value)" }
        }
        #expect(comparable(foreign) == comparable(missing))
    }
}
