import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// Serves each connection on the event loop that reads it.
///
/// Otherwise every request changes threads twice, to the cooperative pool and back. Nothing that blocks may therefore
/// run on the way: stores have their own threads.
struct ConnectionOnItsLoop: ServerChildChannel {
    let channel: HTTP1Channel
    let answerAtOnce: @Sendable (HTTPRequest, any Channel) -> AnswerNow?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        self.channel.setup(channel: channel, logger: logger).flatMapThrowing { value in
            // Behind what watches for idle connections and for the end of the server, which must see every answer.
            let pipeline = channel.pipeline.syncOperations
            let watch = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            try pipeline.addHandler(ImmediateAnswers(answer: answerAtOnce), position: .after(watch))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await channel.handle(value: value, logger: logger)
        }
    }
}

/// Runs a task's jobs on one event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
