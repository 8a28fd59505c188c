import HTTPTypes
import Support
import Testing

@testable import Web

@Suite("Routes")
struct RouteTableTests {
    private static func table(_ endpoints: [(HTTPRequest.Method, String)]) throws -> RouteTable {
        try RouteTable(
            endpoints.map { method, path in
                let endpoint = Endpoint(method, path, authorize: AccessDecision.everyone, handler: { _ in Reply(.ok) })
                return Route(endpoint, rateLimitScale: 1)
            }
        )
    }

    private static func cars() throws -> RouteTable {
        try table([
            (.get, "/"), (.get, "/v1/cars"), (.post, "/v1/cars"), (.get, "/v1/cars/{vin}"),
            (.get, "/v1/cars/import"), (.get, "/v1/cars/{vin}/history"), (.delete, "/v1/cars/{id}"),
            (.get, "/v1/cars/import/{job}"),
        ])
    }

    private static let rests: [(String, String?)] = [
        ("/log/tile/0/000", "0 000"), ("/log/tile/0/x001/234.p/7", "0 x001/234.p/7"), ("/log/tile/0/a//b", "0 a//b"),
        ("/log/tile/0", "0"), ("/log/tile/0/", nil), ("/log/tile", nil),
    ]

    @Test(arguments: rests)
    func `the last parameter may take the rest of the path`(path: String, arguments: String?) throws {
        let endpoints = [("/log/tile/{level}/{tile}", true), ("/log/tile/{name}", false)].map { path, takesRest in
            Endpoint(.get, path, takesRest: takesRest, authorize: AccessDecision.everyone) { _ in Reply(.ok) }
        }
        let table = try RouteTable(endpoints.map { Route($0, rateLimitScale: 1) })
        #expect(table.match(.get, path: path)?.arguments.joined(separator: " ") == arguments)
    }

    static let paths = TextTable(
        """
        method  | path                   | route                   | arguments | allow
        GET     | /                      | /                       |           | GET, HEAD, OPTIONS
        GET     | /v1/cars               | /v1/cars                |           | GET, HEAD, OPTIONS, POST
        POST    | /v1/cars               | /v1/cars                |           | GET, HEAD, OPTIONS, POST
        PUT     | /v1/cars               | none                    |           | GET, HEAD, OPTIONS, POST
        GET     | /v1/cars/LFV           | /v1/cars/{vin}          | LFV       | DELETE, GET, HEAD, OPTIONS
        HEAD    | /v1/cars/LFV           | /v1/cars/{vin}          | LFV       | DELETE, GET, HEAD, OPTIONS
        DELETE  | /v1/cars/LFV           | /v1/cars/{id}           | LFV       | DELETE, GET, HEAD, OPTIONS
        GET     | /v1/cars/%2F           | /v1/cars/{vin}          | %2F       | DELETE, GET, HEAD, OPTIONS
        GET     | /v1/cars/import        | /v1/cars/import         |           | GET, HEAD, OPTIONS
        GET     | /v1/cars/LFV/history   | /v1/cars/{vin}/history  | LFV       | GET, HEAD, OPTIONS
        GET     | /v1/cars/import/7      | /v1/cars/import/{job}   | 7         | GET, HEAD, OPTIONS
        GET     | /v1/cars/import/history | /v1/cars/import/{job}  | history   | GET, HEAD, OPTIONS
        """
    )

    @Test(arguments: paths.rows)
    func `a path finds its endpoint, the fixed segment before the parameter`(row: TextTable.Row) throws {
        let method = try #require(HTTPRequest.Method(rawValue: row["method"]))
        let match = try #require(try RouteTableTests.cars().match(method, path: row["path"]))
        #expect(match.route?.endpoint.path ?? "none" == row["route"])
        #expect(match.arguments.joined(separator: ",") == row["arguments"])
        #expect(match.allowedMethods == row["allow"])
    }

    @Test(arguments: ["", "*", "/v1", "/v1/", "/v1/cars/", "/v1//cars", "//", "/v2/cars", "/v1/cars/LFV/x", "v1/cars"])
    func `a path that no endpoint has finds nothing`(path: String) throws {
        #expect(try RouteTableTests.cars().match(.get, path: path) == nil)
    }

    @Test
    func `where the fixed segment leads nowhere, the parameter is tried`() throws {
        let table = try RouteTableTests.table([(.get, "/a/b/c"), (.get, "/{x}/b/d"), (.get, "/a/{y}/e")])
        #expect(table.match(.get, path: "/a/b/d")?.route?.endpoint.path == "/{x}/b/d")
        let match = table.match(.get, path: "/a/b/e")
        #expect(match?.route?.endpoint.path == "/a/{y}/e")
        #expect(match?.arguments == ["b"])
    }

    @Test
    func `two endpoints for one thing are refused, whatever their parameters are called`() {
        #expect(throws: DuplicateEndpoint(method: "GET", path: "/a/{y}")) {
            try RouteTableTests.table([(.get, "/a/{x}"), (.get, "/a/{y}")])
        }
    }
}
