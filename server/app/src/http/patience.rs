//! A connection whose other end takes nothing is given up; one whose other end still sends is heard out
//! for a while.

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

/// A client that was answered before it had sent everything is heard out for so long.
const LINGER: Duration = Duration::from_secs(30);
/// And for so many bytes.
const LINGER_BYTES: usize = 64 << 20;
/// Bytes thrown away at once.
const PIECE: usize = 16 << 10;

/// A stream that fails when a write waits for too long. Closed with bytes unread, the system would reset
/// the connection, and a client that is still sending would never read its answer: those are thrown away.
pub(super) struct Patience<S> {
    stream: S,
    most: Duration,
    until: Option<Pin<Box<Sleep>>>,
    unread: Arc<AtomicBool>,
    lingering: Option<Lingering>,
}

struct Lingering {
    left: usize,
    until: Pin<Box<Sleep>>,
}

impl<S> Patience<S> {
    /// `unread` tells whether a request was answered before all of it was read.
    pub(super) const fn new(stream: S, most: Duration, unread: Arc<AtomicBool>) -> Self {
        Self { stream, most, until: None, unread, lingering: None }
    }

    /// What a write came to; the wait begins with the first that could not go on.
    fn judge<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.until = None;
            return outcome;
        }
        let most = self.most;
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(most)));
        until.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Lingering {
    /// Ready when the other end has closed, or was heard out for long enough.
    fn hear_out<S: Read + Unpin>(&mut self, stream: &mut S, context: &mut Context<'_>) -> Poll<()> {
        let mut piece = [0; PIECE];
        while self.left > 0 {
            let mut buffer = ReadBuf::new(&mut piece);
            match Pin::new(&mut *stream).poll_read(context, buffer.unfilled()) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.left = self.left.saturating_sub(buffer.filled().len());
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.until.as_mut().poll(context),
            }
        }
        Poll::Ready(())
    }
}

impl<S: Read + Unpin> Read for Patience<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: Read + Write + Unpin> Write for Patience<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let outcome = Pin::new(&mut own.stream).poll_write(context, bytes);
        own.judge(outcome, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        let outcome = Pin::new(&mut own.stream).poll_flush(context);
        own.judge(outcome, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        if own.lingering.is_none() {
            let outcome = Pin::new(&mut own.stream).poll_shutdown(context);
            let outcome = own.judge(outcome, context);
            if !matches!(outcome, Poll::Ready(Ok(()))) || !own.unread.load(Ordering::Acquire) {
                return outcome;
            }
        }
        let begin = || Lingering { left: LINGER_BYTES, until: Box::pin(tokio::time::sleep(LINGER)) };
        own.lingering.get_or_insert_with(begin).hear_out(&mut own.stream, context).map(Ok)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let outcome = Pin::new(&mut own.stream).poll_write_vectored(context, slices);
        own.judge(outcome, context)
    }
}
