import Core
import Testing

@testable import Web

@Suite struct HTTPDateTests {
    @Test func `the example of RFC 9110 comes out as it stands there`() throws {
        let instant = try #require(Instant(rfc3339: "1994-11-06T08:49:37.900Z"))
        #expect(instant.httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
