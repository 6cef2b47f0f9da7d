package dev.sluice.perf.bench

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** Kotlin's channel, used as a Kotlin program would: its coroutines run on the default dispatcher, a thread per core. */
class KotlinChannels {
    /** Moves the share of each producer to the consumers; tells the end of each consumer with its count. */
    fun <T : Any> transfer(capacity: Int, producers: Int, consumers: Int, share: Array<T>, end: (Long) -> Unit) {
        val channel = Channel<T>(capacity)
        runBlocking(Dispatchers.Default) {
            repeat(consumers) { launch { end(consume(channel)) } }
            coroutineScope { repeat(producers) { launch { for (message in share) channel.send(message) } } }
            channel.close()
        }
    }

    private suspend fun <T : Any> consume(channel: Channel<T>): Long {
        var count = 0L
        for (message in channel) {
            count++
        }
        return count
    }

    /** A new channel. */
    fun <T : Any> create(capacity: Int): Channel<T> = Channel(capacity)

    /** Puts a message into a channel at once, if there is room. */
    fun <T : Any> put(channel: Channel<T>, message: T): Boolean = channel.trySend(message).isSuccess

    /** Takes a message out of a channel at once, if there is one. */
    fun <T : Any> take(channel: Channel<T>): Boolean = channel.tryReceive().isSuccess
}
