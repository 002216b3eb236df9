// socket.io as it is usually used for this: a room for each request, what an operator sends goes to all in it. Nothing is
// stored, nobody is asked who he is.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false })
let seq = 0

io.on('connection', (socket) => {
  socket.on('join:request', (requestId, joined) => {
    socket.join(`request:${requestId}`)
    joined?.({ joined: requestId })
  })
  socket.on('location:update', (position) => {
    socket.to(`request:${position.requestId}`).emit('operator:location', { ...position, seq: ++seq })
  })
})

http.listen(Number(process.argv[2]), '127.0.0.1')
